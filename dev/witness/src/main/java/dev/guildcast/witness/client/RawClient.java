package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Observation;
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

/// A client of raw frames: logs in, sends heartbeats, resumes on the session's own URL or on the main one when that is
/// unreachable, and identifies again only when the protocol requires it.
///
/// - **Owner:** one thread of its own, on which everything happens.
/// - **Bound:** one connection at a time; attempts between [#RETRY_MIN_MILLIS] and [#RETRY_MAX_MILLIS] apart.
/// - **Promise:** everything received is recorded, in order, before it is acted upon.
public final class RawClient implements RecordingClient {
    /// Short, so that a run shows how soon the suite takes the client back.
    private static final long RETRY_MIN_MILLIS = 250;
    /// A gateway that is away for long is not flooded with attempts.
    private static final long RETRY_MAX_MILLIS = 4_000;
    /// The shortest wait after op 9 that the protocol requires of a client.
    private static final long REIDENTIFY_MILLIS = 1_000;
    /// A gateway sends HELLO at once; without it the connection is of no use.
    private static final long HELLO_TIMEOUT_MILLIS = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final Recording recording = new Recording();
    private final RawSession session;
    private final boolean zlib;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService thread;
    private @Nullable RawSocket socket;
    private @Nullable ScheduledFuture<?> heartbeatTask;
    private @Nullable ScheduledFuture<?> helloTimeout;
    private int connection;
    private long retryMillis = RETRY_MIN_MILLIS;
    private boolean heartbeatAcknowledged;
    private boolean closing;

    /// @param gateway main URL, without a query
    /// @param zlib whether to request `zlib-stream`
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

    /// Drops the connection without a close frame, as a network failure does; the client then resumes.
    public void dropConnection() {
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
        int connectionNumber = ++connection;
        URI url = session.url(zlib);
        heartbeatAcknowledged = true;
        RawSocket.open(http, url, zlib, new RawSocket.SocketListener() {
                    @Override
                    public void onOpen(RawSocket open) {
                        runLater(() -> onOpened(connectionNumber, url, open));
                    }

                    @Override
                    public void onText(String json) {
                        runLater(() -> onPayload(connectionNumber, json));
                    }

                    @Override
                    public void onEnd(int code, boolean byClient) {
                        runLater(() -> onEnded(connectionNumber, code, byClient));
                    }
                })
                .exceptionally(failure -> {
                    runLater(this::onUnreachable);
                    return null;
                });
    }

    private void runLater(Runnable work) {
        if (!thread.isShutdown()) {
            thread.execute(work);
        }
    }

    private void onUnreachable() {
        session.switchUrl();
        retry();
    }

    private void onOpened(int connectionNumber, URI url, RawSocket open) {
        socket = open;
        recording.add(new Observation.Connected(System.nanoTime(), connectionNumber, url.getAuthority()));
        helloTimeout = thread.schedule(open::abort, HELLO_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void retry() {
        if (!closing) {
            thread.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(RETRY_MAX_MILLIS, retryMillis * 2);
        }
    }

    private void onPayload(int connectionNumber, String text) {
        long now = System.nanoTime();
        JsonNode frame = JSON.readTree(text);
        JsonNode body = frame.path("d");
        switch (frame.path("op").asInt(-1)) {
            case 0 ->
                onDispatch(
                        now,
                        connectionNumber,
                        frame.path("t").asString(""),
                        frame.path("s").asInt(-1),
                        body);
            case 1 -> sendHeartbeat();
            case 7 -> {
                recording.add(new Observation.ReconnectRequested(now, connectionNumber));
                close(4000);
            }
            case 9 -> {
                recording.add(new Observation.InvalidSession(now, connectionNumber, body.asBoolean(false)));
                if (!body.asBoolean(false)) {
                    session.clear();
                    retryMillis = REIDENTIFY_MILLIS;
                }
                close(4000);
            }
            case 10 ->
                onHello(now, connectionNumber, body.path("heartbeat_interval").asLong(41_250));
            case 11 -> heartbeatAcknowledged = true;
            default -> {}
        }
    }

    private void onDispatch(long now, int connectionNumber, String type, int sequence, JsonNode body) {
        recording.add(new Observation.ReceivedDispatch(now, connectionNumber, type, sequence, body));
        session.onDispatch(type, sequence, body);
        if (type.equals("READY") || type.equals("RESUMED")) {
            retryMillis = RETRY_MIN_MILLIS;
        }
    }

    private void onHello(long now, int connectionNumber, long intervalMillis) {
        stop(helloTimeout);
        long first = (long) (intervalMillis * 0.5);
        heartbeatTask = thread.scheduleAtFixedRate(this::onHeartbeatDue, first, intervalMillis, TimeUnit.MILLISECONDS);
        if (session.exists()) {
            recording.add(new Observation.ResumeSent(now, connectionNumber, session.sequence()));
            send(session.resume());
        } else {
            recording.add(new Observation.IdentifySent(now, connectionNumber));
            send(session.identify());
        }
    }

    /// A connection that did not acknowledge the last heartbeat is dead.
    private void onHeartbeatDue() {
        if (heartbeatAcknowledged) {
            heartbeatAcknowledged = false;
            sendHeartbeat();
        } else {
            close(4000);
        }
    }

    private void sendHeartbeat() {
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

    private void onEnded(int connectionNumber, int code, boolean byClient) {
        recording.add(new Observation.Closed(System.nanoTime(), connectionNumber, code, byClient));
        stop(heartbeatTask);
        stop(helloTimeout);
        socket = null;
        switch (ReconnectAction.of(code)) {
            case STOP -> closing = true;
            case IDENTIFY -> {
                session.clear();
                retry();
            }
            case RESUME -> {
                if (byClient && code == 1001) {
                    session.clear();
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
