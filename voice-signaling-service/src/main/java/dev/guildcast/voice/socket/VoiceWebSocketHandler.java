package dev.guildcast.voice.socket;

import dev.guildcast.voice.call.VoiceConnection;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Serves WebSockets: what comes in goes to the voice gateway, one message at a time.
final class VoiceWebSocketHandler implements WebSocketHandler {
    /// Libraries that name no version mean this one.
    private static final int VERSION_DEFAULT = 4;
    private static final int VERSION_MIN = 4;
    private static final int VERSION_MAX = 9;
    private static final Pattern VERSION = Pattern.compile("(?:^|&)v=(\\d{1,3})(?:&|$)");

    private final VoiceGateway gateway;
    private final Scheduler loop;
    private final long outboundBytesMax;
    private final int socketsMax;
    private final AtomicInteger sockets = new AtomicInteger();

    /// @param loop the voice loop
    VoiceWebSocketHandler(VoiceGateway gateway, Scheduler loop, long outboundBytesMax, int socketsMax) {
        this.gateway = gateway;
        this.loop = loop;
        this.outboundBytesMax = outboundBytesMax;
        this.socketsMax = socketsMax;
    }

    /// Whether one more may be upgraded.
    boolean hasRoom() {
        return sockets.get() < socketsMax;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        sockets.incrementAndGet();
        var socket = new WebFluxVoiceSocket(session, outboundBytesMax);
        int version = version(session.getHandshakeInfo().getUri().getRawQuery());
        var served = version < VERSION_MIN || version > VERSION_MAX
                ? Mono.<Void>fromRunnable(() -> socket.close(VoiceCloseCode.UNKNOWN_PROTOCOL))
                : serve(session, socket, version);
        return Mono.when(served, socket.run()).doFinally(signal -> sockets.decrementAndGet());
    }

    private Mono<Void> serve(WebSocketSession session, WebFluxVoiceSocket socket, int version) {
        return Mono.fromCallable(() -> gateway.onOpened(socket, version))
                .subscribeOn(loop)
                .flatMap(connection -> session.receive()
                        .concatMap(message -> onMessage(connection, message), 1)
                        .doOnError(error -> loop.schedule(() -> gateway.onUndecodable(connection)))
                        .onErrorComplete()
                        .then()
                        // Also when the connection breaks while a message is handled.
                        .doFinally(signal -> loop.schedule(() -> onEnded(connection, socket))));
    }

    private void onEnded(VoiceConnection connection, WebFluxVoiceSocket socket) {
        gateway.onClosed(connection);
        socket.close(VoiceCloseCode.SESSION_TIMEOUT);
    }

    private Mono<Void> onMessage(VoiceConnection connection, WebSocketMessage message) {
        // Read before it is handed over: its buffer is released when this returns.
        var buffer = message.getPayload();
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        return switch (message.getType()) {
            case TEXT -> onLoop(() -> gateway.onText(connection, bytes));
            case BINARY -> onLoop(() -> gateway.onBinary(connection, bytes));
            case PING, PONG -> Mono.empty();
        };
    }

    private Mono<Void> onLoop(Runnable task) {
        return Mono.<Void>fromRunnable(task).subscribeOn(loop);
    }

    /// 0 for what is no number.
    static int version(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return VERSION_DEFAULT;
        }
        var found = VERSION.matcher(query);
        if (found.find()) {
            return Integer.parseInt(found.group(1));
        }
        return query.contains("v=") ? 0 : VERSION_DEFAULT;
    }
}
