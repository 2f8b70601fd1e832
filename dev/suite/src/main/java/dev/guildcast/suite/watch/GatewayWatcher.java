package dev.guildcast.suite.watch;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Logs in, prints every dispatch, and reconnects and resumes after a disconnect.
///
/// - **Owner:** the thread that runs it; [WatchSocket] queues the payloads for it.
/// - **Promise:** every missing or repeated sequence number is printed and counted.
public final class GatewayWatcher {
    /// Follows a restart closely without spinning while nothing listens.
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(1);
    /// Close codes from here on are fatal: the client must not reconnect.
    private static final int FATAL_CLOSE_CODES_FROM = 4010;
    /// The one fatal close code below them.
    private static final int AUTHENTICATION_FAILED = 4004;
    /// A GUILD_CREATE may be megabytes; its beginning tells a person what it is.
    private static final int PAYLOAD_CHARS_MAX = 2_000;

    private final URI gateway;
    private final String token;
    private final long intents;
    private final int dispatchesMax;
    private final Consumer<String> console;
    private final SequenceVerifier verifier = new SequenceVerifier();
    private String sessionId = "";
    private URI resumeUrl;
    private int dispatches;
    private boolean connected = true;
    private Duration heartbeatInterval = Duration.ofSeconds(41);
    private long lastHeartbeatNanos = System.nanoTime();

    /// @param gateway base URL, without a query
    /// @param dispatchesMax ends after that many dispatches; 0 for never
    /// @param console receives one line per event
    public GatewayWatcher(URI gateway, String token, long intents, int dispatchesMax, Consumer<String> console) {
        this.gateway = gateway;
        this.token = token;
        this.intents = intents;
        this.dispatchesMax = dispatchesMax;
        this.console = console;
        this.resumeUrl = gateway;
    }

    /// How watching has ended.
    public enum Outcome {
        COMPLETE,
        /// A sequence number was missing or repeated.
        SEQUENCE_VIOLATED,
        /// The gateway closed the connection with a code after which no client may reconnect.
        REJECTED
    }

    /// Runs until it has received `count` dispatches, or the gateway closes with a fatal code.
    public Outcome run() throws InterruptedException {
        boolean rejected = false;
        try (var http = HttpClient.newHttpClient()) {
            while (dispatchesMax == 0 || dispatches < dispatchesMax) {
                int code = runConnection(http);
                if (code == AUTHENTICATION_FAILED || code >= FATAL_CLOSE_CODES_FROM) {
                    rejected = true;
                    break;
                }
                if (dispatchesMax == 0 || dispatches < dispatchesMax) {
                    TimeUnit.MILLISECONDS.sleep(RECONNECT_AFTER.toMillis());
                }
            }
            http.shutdownNow();
        }
        return verifier.violations() > 0 ? Outcome.SEQUENCE_VIOLATED : rejected ? Outcome.REJECTED : Outcome.COMPLETE;
    }

    /// One connection until its end.
    ///
    /// @return the close code, 0 if there was none
    private int runConnection(HttpClient http) throws InterruptedException {
        var url = URI.create((sessionId.isEmpty() ? gateway : resumeUrl) + "/?v=10&encoding=json");
        WatchSocket socket;
        try {
            var listener = new WatchSocket();
            socket = listener.open(http.newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .buildAsync(url, listener)
                    .join());
        } catch (CompletionException e) {
            if (connected) {
                console.accept("cannot connect to " + url + ", retrying: " + reason(e.getCause()));
            }
            connected = false;
            return 0;
        }
        connected = true;
        while (true) {
            var payload = socket.next(untilHeartbeat());
            if (payload == null) {
                if (socket.isClosed()) {
                    console.accept("closed: " + socket.closeCode() + " " + socket.closeReason());
                    return socket.closeCode();
                }
                socket.send(heartbeat());
                continue;
            }
            onPayload(payload, socket);
            if (dispatchesMax > 0 && dispatches >= dispatchesMax) {
                socket.close(WebSocket.NORMAL_CLOSURE);
                return 0;
            }
        }
    }

    /// The HTTP client's exceptions often have no message.
    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                    ? "there is no such host"
                    : "nothing listens there";
        }
        if (cause instanceof WebSocketHandshakeException handshake) {
            return "the answer is HTTP status " + handshake.getResponse().statusCode() + ", not a WebSocket";
        }
        return cause == null ? "it did not answer" : Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }

    private Duration untilHeartbeat() {
        var left = heartbeatInterval.minusNanos(System.nanoTime() - lastHeartbeatNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void onPayload(ObjectNode payload, WatchSocket socket) {
        switch (payload.path("op").asInt(-1)) {
            case 0 -> onDispatch(payload);
            case 1 -> socket.send(heartbeat());
            case 7 -> {
                console.accept("reconnect requested");
                socket.close(4_000);
            }
            case 9 -> {
                boolean resumable = payload.path("d").asBoolean(false);
                console.accept("invalid session" + (resumable ? ", resumable" : ""));
                if (!resumable) {
                    sessionId = "";
                    verifier.newSession();
                }
                socket.close(4_000);
            }
            case 10 -> {
                heartbeatInterval = Duration.ofMillis(
                        payload.path("d").path("heartbeat_interval").asLong(41_250));
                lastHeartbeatNanos = System.nanoTime();
                socket.send(sessionId.isEmpty() ? identify() : resume());
            }
            default -> {} // heartbeat acknowledgements
        }
    }

    private void onDispatch(ObjectNode payload) {
        dispatches++;
        var type = payload.path("t").asString("");
        int sequence = payload.path("s").asInt(0);
        var data = payload.path("d");
        if (type.equals("READY")) {
            sessionId = data.path("session_id").asString("");
            resumeUrl = URI.create(data.path("resume_gateway_url").asString(gateway.toString()));
        }
        var text = data.toString();
        console.accept("s=" + sequence + " " + type + " "
                + (text.length() <= PAYLOAD_CHARS_MAX ? text : text.substring(0, PAYLOAD_CHARS_MAX) + "…"));
        var violation = type.equals("RESUMED") ? verifier.onResumed(sequence) : verifier.onDispatch(sequence);
        violation.ifPresent(message -> console.accept("WRONG: " + message));
    }

    private ObjectNode heartbeat() {
        lastHeartbeatNanos = System.nanoTime();
        var payload = JsonNodeFactory.instance.objectNode().put("op", 1);
        return verifier.last() == 0 ? payload.putNull("d") : payload.put("d", verifier.last());
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
        resume.putObject("d").put("token", token).put("session_id", sessionId).put("seq", verifier.last());
        return resume;
    }
}
