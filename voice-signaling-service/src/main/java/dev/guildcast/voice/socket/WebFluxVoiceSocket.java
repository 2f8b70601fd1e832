package dev.guildcast.voice.socket;

import dev.guildcast.voice.call.VoiceSocket;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The outbound side of one client's WebSocket.
///
/// - **Owner:** the voice loop sends and closes; the channel's event loop takes.
/// - **Bound:** bytes that wait for the network to take them; a client that reads too slowly is closed, and resumes.
final class WebFluxVoiceSocket implements VoiceSocket {
    private final WebSocketSession session;
    private final long bytesMax;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Queue<String> queue = new ConcurrentLinkedQueue<>();
    private final Sinks.Many<String> outbound = Sinks.many().unicast().onBackpressureBuffer(queue);
    private volatile @Nullable VoiceCloseCode closeCode;

    WebFluxVoiceSocket(WebSocketSession session, long bytesMax) {
        this.session = session;
        this.bytesMax = bytesMax;
    }

    /// Sends until it is closed, then closes; subscribed to once.
    Mono<Void> run() {
        var frames = outbound.asFlux().map(text -> {
            queuedBytes.addAndGet(-text.length());
            return session.textMessage(text);
        });
        return session.send(frames).onErrorComplete().then(Mono.defer(() -> {
            VoiceCloseCode code = closeCode;
            return session.close(code == null ? CloseStatus.GOING_AWAY : new CloseStatus(code.code(), code.reason()));
        }));
    }

    @Override
    public void send(String text) {
        if (closeCode != null) {
            return;
        }
        int bytes = text.length();
        if (queuedBytes.addAndGet(bytes) > bytesMax) {
            // What waits cannot be sent before the close: the network does not take it.
            closeCode = VoiceCloseCode.SESSION_TIMEOUT;
            queue.clear();
            outbound.tryEmitComplete();
            session.close(new CloseStatus(
                            VoiceCloseCode.SESSION_TIMEOUT.code(), "more than " + bytesMax + " bytes wait unread"))
                    .subscribe();
            return;
        }
        outbound.tryEmitNext(text);
    }

    @Override
    public void close(VoiceCloseCode code) {
        if (closeCode == null) {
            closeCode = code;
            outbound.tryEmitComplete();
        }
    }
}
