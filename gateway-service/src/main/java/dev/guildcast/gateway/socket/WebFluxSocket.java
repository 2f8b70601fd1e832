package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.loop.Loop;
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

/// Queues the frames of a connection and passes them to WebFlux, as fast as the channel takes them.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** frames passed on and not yet written amount to the channel's high-water mark and one frame at most; the
///   rest stays in the queue, where it is counted.
/// - **Promise:** a close frame follows all frames that were queued before it, unless the client does not read.
final class WebFluxSocket implements Socket, Publisher<WebSocketMessage>, Subscription {
    private final Channel channel;
    private final OutboundQueue queue = new OutboundQueue();
    private final Loop loop;
    private final DataBufferFactory buffers;
    private final Duration closeTimeout;
    private final Listener listener;
    private @Nullable Subscriber<? super WebSocketMessage> subscriber;
    private long demand;
    private boolean pumping;
    private boolean pumpScheduled;
    private @Nullable CloseCode pendingClose;
    private boolean closeSent;

    WebFluxSocket(Channel channel, DataBufferFactory buffers, Duration closeTimeout, Listener listener) {
        this.channel = channel;
        this.loop = new NettyLoop(channel.eventLoop());
        this.buffers = buffers;
        this.closeTimeout = closeTimeout;
        this.listener = listener;
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
    public Loop loop() {
        return loop;
    }

    @Override
    public void write(Frame frame) {
        queue.add(frame);
        pump();
    }

    @Override
    public long heldBytes() {
        return queue.heldBytes();
    }

    @Override
    public void discardQueued() {
        queue.clear();
    }

    void onWritable() {
        pump();
    }

    private void pump() {
        var downstream = subscriber;
        if (pumping || downstream == null) {
            return;
        }
        pumping = true;
        long writableBytes = channel.isWritable() ? channel.bytesBeforeUnwritable() : 0;
        boolean dequeued = false;
        while (demand > 0 && writableBytes > 0) {
            var frame = queue.poll();
            if (frame == null) {
                break;
            }
            demand--;
            writableBytes -= frame.length();
            dequeued = true;
            downstream.onNext(toMessage(frame));
        }
        pumping = false;
        if (dequeued) {
            listener.onFramesDequeued();
        }
        if (queue.isEmpty()) {
            sendClose();
        } else if (demand > 0 && channel.isWritable() && !pumpScheduled) {
            // The channel has not counted the frames passed on in this turn; pump again once it has.
            pumpScheduled = true;
            channel.eventLoop().execute(() -> {
                pumpScheduled = false;
                pump();
            });
        }
    }

    private WebSocketMessage toMessage(Frame frame) {
        var buffer = buffers.allocateBuffer(frame.length());
        buffer.write(frame.head()).write(frame.body()).write(frame.tail());
        return new WebSocketMessage(frame.binary() ? WebSocketMessage.Type.BINARY : WebSocketMessage.Type.TEXT, buffer);
    }

    @Override
    public void close(CloseCode code) {
        pendingClose = code;
        Runnable tearDown = channel::close;
        channel.eventLoop().schedule(tearDown, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        pump();
        if (subscriber == null) {
            sendClose();
        }
    }

    private void sendClose() {
        var code = pendingClose;
        if (code == null || closeSent) {
            return;
        }
        closeSent = true;
        // In a task of its own, so that it follows the frames passed on in this turn of the loop.
        channel.eventLoop().execute(() -> {
            listener.onCloseSent();
            channel.writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()))
                    .addListener(sent -> {
                        if (!sent.isSuccess()) {
                            channel.close();
                        }
                    });
        });
    }
}
