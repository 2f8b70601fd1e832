package dev.guildcast.suite.watch;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Logs in, prints every dispatch, comes back after a cut and resumes.
///
/// - **Owner:** the thread that runs it; what the socket hears is handed over by [WatchedSocket].
/// - **Promise:** every number that is missing, or comes twice, is printed and counted.
public final class GatewayWatch {
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(1);
    private static final int CLOSED_FOR_GOOD_FROM = 4010;
    private static final int AUTHENTICATION_FAILED = 4004;
    private static final int SHOWN_MAX = 2_000;

    private final URI gateway;
    private final String token;
    private final long intents;
    private final int count;
    private final Consumer<String> says;
    private final SequenceCheck check = new SequenceCheck();
    private String sessionId = "";
    private URI resumeUrl;
    private int seen;
    private boolean connected = true;
    private Duration interval = Duration.ofSeconds(41);
    private long lastBeat = System.nanoTime();

    /// @param gateway base URL, without a query
    /// @param count ends after that many dispatches; 0 for never
    /// @param says takes one line for each thing that happens
    public GatewayWatch(URI gateway, String token, long intents, int count, Consumer<String> says) {
        this.gateway = gateway;
        this.token = token;
        this.intents = intents;
        this.count = count;
        this.says = says;
        this.resumeUrl = gateway;
    }

    /// Runs until it has seen enough, or the gateway closes for good.
    ///
    /// @return whether every number came once and in order
    public boolean run() throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            while (count == 0 || seen < count) {
                int code = connection(http);
                if (code == AUTHENTICATION_FAILED || code >= CLOSED_FOR_GOOD_FROM) {
                    break;
                }
                if (count == 0 || seen < count) {
                    TimeUnit.MILLISECONDS.sleep(RECONNECT_AFTER.toMillis());
                }
            }
            http.shutdownNow();
        }
        return check.violations() == 0;
    }

    /// One connection until its end.
    ///
    /// @return the close code, 0 if there was none
    private int connection(HttpClient http) throws InterruptedException {
        var url = URI.create((sessionId.isEmpty() ? gateway : resumeUrl) + "/?v=10&encoding=json");
        WatchedSocket socket;
        try {
            var listener = new WatchedSocket();
            socket = listener.open(http.newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .buildAsync(url, listener)
                    .join());
        } catch (CompletionException e) {
            if (connected) {
                says.accept("cannot connect to " + url + ", trying on: " + e.getCause());
            }
            connected = false;
            return 0;
        }
        connected = true;
        while (true) {
            var payload = socket.next(beatEvery());
            if (payload == null) {
                if (socket.isClosed()) {
                    says.accept("closed: " + socket.closeCode() + " " + socket.closeReason());
                    return socket.closeCode();
                }
                socket.send(beat());
                continue;
            }
            on(payload, socket);
            if (count > 0 && seen >= count) {
                socket.close(WebSocket.NORMAL_CLOSURE);
                return 0;
            }
        }
    }

    private Duration beatEvery() {
        var left = interval.minusNanos(System.nanoTime() - lastBeat);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void on(ObjectNode payload, WatchedSocket socket) {
        switch (payload.path("op").asInt(-1)) {
            case 0 -> dispatch(payload);
            case 1 -> socket.send(beat());
            case 7 -> {
                says.accept("asked to reconnect");
                socket.close(4_000);
            }
            case 9 -> {
                boolean resumable = payload.path("d").asBoolean(false);
                says.accept("invalid session" + (resumable ? ", may be resumed" : ""));
                if (!resumable) {
                    sessionId = "";
                    check.newSession();
                }
                socket.close(4_000);
            }
            case 10 -> {
                interval = Duration.ofMillis(
                        payload.path("d").path("heartbeat_interval").asLong(41_250));
                lastBeat = System.nanoTime();
                socket.send(sessionId.isEmpty() ? identify() : resume());
            }
            default -> {} // acknowledgements
        }
    }

    private void dispatch(ObjectNode payload) {
        seen++;
        var type = payload.path("t").asString("");
        int sequence = payload.path("s").asInt(0);
        var data = payload.path("d");
        if (type.equals("READY")) {
            sessionId = data.path("session_id").asString("");
            resumeUrl = URI.create(data.path("resume_gateway_url").asString(gateway.toString()));
        }
        var shown = data.toString();
        says.accept("s=" + sequence + " " + type + " "
                + (shown.length() <= SHOWN_MAX ? shown : shown.substring(0, SHOWN_MAX) + "…"));
        var wrong = type.equals("RESUMED") ? check.onResumed(sequence) : check.onDispatch(sequence);
        wrong.ifPresent(sentence -> says.accept("WRONG: " + sentence));
    }

    private ObjectNode beat() {
        lastBeat = System.nanoTime();
        var beat = JsonNodeFactory.instance.objectNode().put("op", 1);
        return check.last() == 0 ? beat.putNull("d") : beat.put("d", check.last());
    }

    private ObjectNode identify() {
        var identify = JsonNodeFactory.instance.objectNode().put("op", 2);
        var data = identify.putObject("d").put("token", token).put("intents", intents);
        data.putObject("properties")
                .put("os", "any")
                .put("browser", "guildcast")
                .put("device", "guildcast");
        return identify;
    }

    private ObjectNode resume() {
        var resume = JsonNodeFactory.instance.objectNode().put("op", 6);
        resume.putObject("d").put("token", token).put("session_id", sessionId).put("seq", check.last());
        return resume;
    }
}
