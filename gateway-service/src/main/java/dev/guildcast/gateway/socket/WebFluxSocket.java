package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.Frame;
import dev.guildcast.gateway.Socket;
import dev.guildcast.gateway.outbound.OutboundQueue;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/// Moves frames from a connection's queue to WebFlux as the channel takes them.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** what has been handed on and not written is at most the channel's high-water mark and one frame; the
///   rest stays in the queue, where it is counted.
/// - **Promise:** a close frame follows all frames that were queued before it, unless the client does not read.
final class WebFluxSocket implements Socket, Publisher<WebSocketMessage>, Subscription {
    private final Channel channel;
    private final OutboundQueue queue;
    private final DataBufferFactory buffers;
    private final Duration closeTimeout;
    private final Runnable onTaken;
    private final Runnable onCloseSent;
    private @Nullable Subscriber<? super WebSocketMessage> subscriber;
    private long demand;
    private boolean pumping;
    private boolean pumpDue;
    private @Nullable CloseCode closeWith;
    private boolean closeSent;

    WebFluxSocket(
            Channel channel,
            OutboundQueue queue,
            DataBufferFactory buffers,
            Duration closeTimeout,
            Runnable onTaken,
            Runnable onCloseSent) {
        this.channel = channel;
        this.queue = queue;
        this.buffers = buffers;
        this.closeTimeout = closeTimeout;
        this.onTaken = onTaken;
        this.onCloseSent = onCloseSent;
    }

    @Override
    public void subscribe(Subscriber<? super WebSocketMessage> next) {
        subscriber = next;
        next.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        pump();
    }

    @Override
    public void cancel() {
        subscriber = null;
    }

    @Override
    public void flush() {
        pump();
    }

    void onWritable() {
        pump();
    }

    private void pump() {
        var to = subscriber;
        if (pumping || to == null) {
            return;
        }
        pumping = true;
        long room = channel.isWritable() ? channel.bytesBeforeUnwritable() : 0;
        boolean taken = false;
        while (demand > 0 && room > 0) {
            var frame = queue.poll();
            if (frame == null) {
                break;
            }
            demand--;
            room -= frame.length();
            taken = true;
            to.onNext(message(frame));
        }
        pumping = false;
        if (taken) {
            onTaken.run();
        }
        if (queue.isEmpty()) {
            sendClose();
        } else if (demand > 0 && channel.isWritable() && !pumpDue) {
            // What was handed on has yet to be counted by the channel: look again once it was.
            pumpDue = true;
            channel.eventLoop().execute(() -> {
                pumpDue = false;
                pump();
            });
        }
    }

    private WebSocketMessage message(Frame frame) {
        var buffer = buffers.allocateBuffer(frame.length());
        buffer.write(frame.head()).write(frame.body()).write(frame.tail());
        return new WebSocketMessage(frame.binary() ? WebSocketMessage.Type.BINARY : WebSocketMessage.Type.TEXT, buffer);
    }

    @Override
    public void close(CloseCode code) {
        closeWith = code;
        Runnable tearDown = channel::close;
        channel.eventLoop().schedule(tearDown, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        pump();
        if (subscriber == null) {
            sendClose();
        }
    }

    private void sendClose() {
        var code = closeWith;
        if (code == null || closeSent) {
            return;
        }
        closeSent = true;
        // After the frames that this turn of the loop hands on.
        channel.eventLoop().execute(() -> {
            onCloseSent.run();
            channel.writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()))
                    .addListener(sent -> {
                        if (!sent.isSuccess()) {
                            channel.close();
                        }
                    });
        });
    }
}
