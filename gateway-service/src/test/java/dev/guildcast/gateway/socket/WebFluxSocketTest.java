package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.publisher.BaseSubscriber;

class WebFluxSocketTest {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private final WebFluxSocket socket =
            new WebFluxSocket(channel, DefaultDataBufferFactory.sharedInstance, CLOSE_TIMEOUT, new Socket.Listener() {
                @Override
                public void onFramesDequeued() {
                    events.add("dequeued");
                }

                @Override
                public void onCloseSent() {
                    events.add("close sent");
                }
            });
    private final BaseSubscriber<WebSocketMessage> transport = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // The tests control the demand.
        }

        @Override
        protected void hookOnNext(WebSocketMessage message) {
            events.add(message.getPayloadAsText());
        }
    };

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    @Test
    void holdsFramesUntilTheTransportRequestsThem() {
        socket.write(Frame.text("one"));
        socket.subscribe(transport);
        socket.write(Frame.text("three"));
        assertThat(socket.heldBytes()).isEqualTo(8);
        transport.request(1);
        assertThat(events).containsExactly("one", "dequeued");
        assertThat(socket.heldBytes()).isEqualTo(5);
        transport.request(1);
        assertThat(events).containsExactly("one", "dequeued", "three", "dequeued");
        assertThat(socket.heldBytes()).isZero();
    }

    @Test
    void holdsFramesWhileTheChannelIsNotWritable() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        socket.subscribe(transport);
        transport.request(Long.MAX_VALUE);
        ByteBuf unflushed = channel.alloc().buffer().writeBytes(new byte[10]);
        var written = channel.write(unflushed);
        assertThat(channel.isWritable()).isFalse();
        socket.write(Frame.text("one"));
        assertThat(events).isEmpty();
        assertThat(socket.heldBytes()).isEqualTo(3);
        channel.flush();
        assertThat(written.isSuccess()).isTrue();
        socket.onWritable();
        assertThat(events).containsExactly("one", "dequeued");
    }

    @Test
    void theCloseFrameFollowsWhatIsQueued() {
        socket.subscribe(transport);
        socket.write(Frame.text("one"));
        socket.close(CloseCode.RATE_LIMITED);
        channel.runPendingTasks();
        assertThat(events).isEmpty();
        transport.request(1);
        channel.runPendingTasks();
        assertThat(events).containsExactly("one", "dequeued", "close sent");
        CloseWebSocketFrame close = channel.readOutbound();
        assertThat(close.statusCode()).isEqualTo(4008);
        close.release();
    }

    @Test
    void aCloseAfterTheQueueWasDiscardedIsSentAtOnce() {
        socket.subscribe(transport);
        socket.write(Frame.text("one"));
        socket.discardQueued();
        assertThat(socket.heldBytes()).isZero();
        socket.close(CloseCode.UNKNOWN_ERROR);
        socket.close(CloseCode.GOING_AWAY);
        channel.runPendingTasks();
        assertThat(events).containsExactly("close sent");
    }

    @Test
    void aClientThatDoesNotReadIsDisconnectedAfterTheCloseTimeout() {
        channel.freezeTime();
        socket.subscribe(transport);
        socket.write(Frame.text("one"));
        socket.close(CloseCode.RATE_LIMITED);
        channel.advanceTimeBy(CLOSE_TIMEOUT.toMillis() - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).isEmpty();
    }
}
