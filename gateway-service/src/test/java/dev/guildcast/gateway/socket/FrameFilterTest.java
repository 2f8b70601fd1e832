package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameFilterTest {
    private static final int LIMIT = 1000;

    private int violations;
    private int controlFrames;
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameFilter(new FrameFilter.Listener() {
        @Override
        public void onProtocolViolation() {
            violations++;
        }

        @Override
        public boolean onControlFrame() {
            return ++controlFrames <= LIMIT;
        }
    }));

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    @Test
    void writesNothingToAChannelThatIsNotWritableAndAnswersTheLastPingAfterwards() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        ByteBuf unflushed = channel.alloc().buffer().writeBytes(new byte[10]);
        var written = channel.write(unflushed);
        long pendingBytes = channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        for (int i = 1; i <= 500; i++) {
            var ping = Unpooled.buffer().writeBytes(new byte[100]).writeInt(i);
            assertThat(channel.writeInbound(new PingWebSocketFrame(ping))).isFalse();
            assertThat(ping.refCnt()).isZero();
        }
        assertThat(channel.unsafe().outboundBuffer().totalPendingWriteBytes()).isEqualTo(pendingBytes);
        channel.flush();
        assertThat(written.isSuccess()).isTrue();
        ByteBuf first = channel.readOutbound();
        first.release();
        PongWebSocketFrame pong = channel.readOutbound();
        assertThat(pong.content().getInt(100)).isEqualTo(500);
        pong.release();
        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(controlFrames).isEqualTo(500);
    }

    @Test
    void anUnansweredPingIsReleasedWithTheChannel() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        var unused = channel.write(channel.alloc().buffer().writeBytes(new byte[10]));
        channel.writeInbound(new PingWebSocketFrame(Unpooled.buffer().writeInt(1)));
        channel.finishAndReleaseAll();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void framesAboveTheLimitAreNotAnswered() {
        controlFrames = LIMIT;
        channel.writeInbound(new PingWebSocketFrame(), new PongWebSocketFrame());
        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(controlFrames).isEqualTo(LIMIT + 2);
    }

    @Test
    void framesWithReservedBitsAreReportedAndDropped() {
        for (int rsv = 1; rsv <= 7; rsv++) {
            assertThat(channel.writeInbound(new TextWebSocketFrame(true, rsv, "{}")))
                    .isFalse();
        }
        assertThat(violations).isEqualTo(7);
        assertThat(channel.writeInbound(new TextWebSocketFrame("{}"))).isTrue();
    }
}
