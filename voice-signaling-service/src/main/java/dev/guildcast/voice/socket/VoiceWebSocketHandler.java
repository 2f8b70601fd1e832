package dev.guildcast.voice.socket;

import dev.guildcast.voice.call.VoiceConnection;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger log = LoggerFactory.getLogger(VoiceWebSocketHandler.class);
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
                        .map(Frame::copyOf)
                        .concatMap(frame -> onFrame(connection, frame), 1)
                        .doOnError(error -> runOnLoop(() -> gateway.onUndecodable(connection)))
                        .onErrorComplete()
                        .then()
                        // Also when the connection breaks while a message is handled.
                        .doFinally(signal -> runOnLoop(() -> onEnded(connection, socket))));
    }

    private void onEnded(VoiceConnection connection, WebFluxVoiceSocket socket) {
        gateway.onClosed(connection);
        socket.close(VoiceCloseCode.SESSION_TIMEOUT);
    }

    /// A message with bytes of its own: those of its buffer are gone when the next operator holds it back.
    private record Frame(WebSocketMessage.Type type, byte[] bytes) {
        static Frame copyOf(WebSocketMessage message) {
            var buffer = message.getPayload();
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return new Frame(message.getType(), bytes);
        }
    }

    private Mono<Void> onFrame(VoiceConnection connection, Frame frame) {
        return switch (frame.type) {
            case TEXT -> onLoop(() -> gateway.onText(connection, frame.bytes));
            case BINARY -> onLoop(() -> gateway.onBinary(connection, frame.bytes));
            case PING, PONG -> Mono.empty();
        };
    }

    /// Without effect when this process ends: the loop is gone, and all connections with it.
    private void runOnLoop(Runnable task) {
        try {
            loop.schedule(task);
        } catch (RejectedExecutionException ended) {
            log.debug("a connection ended after the voice loop");
        }
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
