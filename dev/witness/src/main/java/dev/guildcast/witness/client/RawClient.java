package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Recording;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A client of plain frames: logs in, beats, resumes on the session's own URL and on the main one when that does not
/// answer, and identifies anew only when it is told to.
///
/// - **Owner:** one thread of its own, on which everything happens.
/// - **Bound:** one connection at a time; attempts at most every [#RETRY_MIN_MILLIS], at least every
///   [#RETRY_MAX_MILLIS].
/// - **Promise:** everything the server says is recorded, in order, before it is acted upon.
public final class RawClient implements RecordingClient {
    private static final long RETRY_MIN_MILLIS = 250;
    private static final long RETRY_MAX_MILLIS = 4_000;
    /// What the protocol asks a client to wait after op 9, at the least.
    private static final long IDENTIFY_AGAIN_MILLIS = 1_000;
    private static final long HELLO_MILLIS = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final Recording recording = new Recording();
    private final RawSession session;
    private final boolean zlib;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService thread;
    private @Nullable RawSocket socket;
    private @Nullable ScheduledFuture<?> beat;
    private @Nullable ScheduledFuture<?> watch;
    private int connection;
    private long retryMillis = RETRY_MIN_MILLIS;
    private boolean acknowledged;
    private boolean closing;

    /// @param gateway main URL, without a query
    /// @param zlib whether to ask for `zlib-stream`
    public RawClient(Account account, URI gateway, boolean zlib) {
        this.account = account;
        this.zlib = zlib;
        this.session = new RawSession(account, gateway);
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("raw-" + account.name()).factory());
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Recording recording() {
        return recording;
    }

    @Override
    public void start() {
        thread.execute(this::connect);
    }

    /// Drops the connection without a close frame, as a lost network does; the client then resumes.
    public void cut() {
        thread.execute(() -> {
            if (socket != null) {
                socket.abort();
            }
        });
    }

    /// Closes the connection with this code; 1000 and 1001 end the session, others are followed by a resume.
    public void closeWith(int code) {
        thread.execute(() -> {
            if (socket != null) {
                socket.close(code);
            }
        });
    }

    @Override
    public void close() {
        thread.execute(() -> {
            closing = true;
            if (socket != null) {
                socket.close(1000);
            }
            thread.shutdown();
        });
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
        http.shutdownNow();
    }

    private void connect() {
        if (closing) {
            return;
        }
        int number = ++connection;
        URI url = session.url(zlib);
        acknowledged = true;
        RawSocket.open(http, url, zlib, new RawSocket.Events() {
                    @Override
                    public void onOpen(RawSocket open) {
                        later(() -> opened(number, url, open));
                    }

                    @Override
                    public void onText(String json) {
                        later(() -> received(number, json));
                    }

                    @Override
                    public void onEnd(int code, boolean byClient) {
                        later(() -> ended(number, code, byClient));
                    }
                })
                .exceptionally(failure -> {
                    later(this::unreachable);
                    return null;
                });
    }

    private void later(Runnable work) {
        if (!thread.isShutdown()) {
            thread.execute(work);
        }
    }

    private void unreachable() {
        session.unreachable();
        retry();
    }

    private void opened(int number, URI url, RawSocket open) {
        socket = open;
        recording.add(new Entry.Connected(System.nanoTime(), number, url.getAuthority()));
        watch = thread.schedule(open::abort, HELLO_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void retry() {
        if (!closing) {
            thread.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(RETRY_MAX_MILLIS, retryMillis * 2);
        }
    }

    private void received(int number, String text) {
        long now = System.nanoTime();
        JsonNode frame = JSON.readTree(text);
        JsonNode body = frame.path("d");
        switch (frame.path("op").asInt(-1)) {
            case 0 ->
                dispatch(
                        now,
                        number,
                        frame.path("t").asString(""),
                        frame.path("s").asInt(-1),
                        body);
            case 1 -> beat();
            case 7 -> {
                recording.add(new Entry.ReconnectAsked(now, number));
                close(4000);
            }
            case 9 -> {
                recording.add(new Entry.InvalidSession(now, number, body.asBoolean(false)));
                if (!body.asBoolean(false)) {
                    session.forget();
                    retryMillis = IDENTIFY_AGAIN_MILLIS;
                }
                close(4000);
            }
            case 10 -> hello(now, number, body.path("heartbeat_interval").asLong(41_250));
            case 11 -> acknowledged = true;
            default -> {}
        }
    }

    private void dispatch(long now, int number, String type, int sequence, JsonNode body) {
        recording.add(new Entry.Dispatch(now, number, type, sequence, body));
        session.onDispatch(type, sequence, body);
        if (type.equals("READY") || type.equals("RESUMED")) {
            retryMillis = RETRY_MIN_MILLIS;
        }
    }

    private void hello(long now, int number, long intervalMillis) {
        stop(watch);
        long first = (long) (intervalMillis * 0.5);
        beat = thread.scheduleAtFixedRate(this::due, first, intervalMillis, TimeUnit.MILLISECONDS);
        if (session.exists()) {
            recording.add(new Entry.ResumeAsked(now, number, session.sequence()));
            send(session.resume());
        } else {
            recording.add(new Entry.Identified(now, number));
            send(session.identify());
        }
    }

    /// A connection that did not acknowledge the last beat is dead.
    private void due() {
        if (acknowledged) {
            acknowledged = false;
            beat();
        } else {
            close(4000);
        }
    }

    private void beat() {
        ObjectNode frame = JSON.createObjectNode().put("op", 1);
        if (session.sequence() > 0) {
            frame.put("d", session.sequence());
        } else {
            frame.putNull("d");
        }
        send(frame);
    }

    private void send(ObjectNode frame) {
        if (socket != null) {
            socket.send(frame.toString());
        }
    }

    private void close(int code) {
        if (socket != null) {
            socket.close(code);
        }
    }

    private void ended(int number, int code, boolean byClient) {
        recording.add(new Entry.Closed(System.nanoTime(), number, code, byClient));
        stop(beat);
        stop(watch);
        socket = null;
        switch (AfterClose.of(code)) {
            case STOP -> closing = true;
            case IDENTIFY -> {
                session.forget();
                retry();
            }
            case RESUME -> {
                if (byClient && code == 1001) {
                    session.forget();
                }
                retry();
            }
        }
    }

    private static void stop(@Nullable ScheduledFuture<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
