package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameSocketTest {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private long nowNanos;
    private final FrameSocket socket = new FrameSocket(
            channel, new LoopFlusher(channel.eventLoop(), () -> nowNanos), CLOSE_TIMEOUT, new Socket.Listener() {
                @Override
                public void onFramesDequeued() {
                    events.add("dequeued");
                }

                @Override
                public void onCloseSent() {
                    events.add("close sent");
                }
            });

    @BeforeEach
    void countBuffers() {
        channel.config().setAllocator(allocator);
    }

    @AfterEach
    void allBuffersAreReleased() {
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    /// The next buffer that reaches the transport, with a bar between its frames; null when there is none.
    private @Nullable String written() {
        ByteBuf buffer = channel.readOutbound();
        if (buffer == null) {
            return null;
        }
        var frames = new ArrayList<String>();
        while (buffer.isReadable()) {
            int first = buffer.readUnsignedByte();
            int length = buffer.readUnsignedByte();
            long bytes = length == 127 ? buffer.readLong() : length == 126 ? buffer.readUnsignedShort() : length;
            var payload = buffer.readCharSequence((int) bytes, StandardCharsets.UTF_8);
            frames.add(
                    switch (first) {
                        case 0x81, 0x82 -> payload.toString();
                        case 0x88 -> "close " + ((payload.charAt(0) & 0xff) << 8 | payload.charAt(1) & 0xff);
                        case 0x8a -> "pong " + payload;
                        default -> "frame " + Integer.toHexString(first);
                    });
        }
        buffer.release();
        return String.join("|", frames);
    }

    private void blockChannel() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        channel.write(Unpooled.wrappedBuffer(new byte[10]));
        assertThat(channel.isWritable()).isFalse();
    }

    private void unblockChannel() {
        channel.flush();
        ByteBuf filler = channel.readOutbound();
        filler.release();
        socket.onWritable();
    }

    @Test
    void theFramesOfOneTurnLeaveInOneBuffer() {
        socket.write(Frame.text("one"));
        socket.write(Frame.text("two"));
        assertThat(written()).isNull();
        assertThat(socket.heldBytes()).isEqualTo(6);
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("one|two");
        assertThat(socket.heldBytes()).isZero();
        socket.write(Frame.text("three"));
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("three");
        assertThat(events).isEmpty();
    }

    @Test
    void aTurnIsWrittenEarlyWhenItIsLarge() {
        var large = "x".repeat(5_000);
        for (int i = 0; i < 4; i++) {
            socket.write(Frame.text(large));
        }
        // Above 16 KB; no buffer holds more than that.
        assertThat(written()).isEqualTo(String.join("|", large, large, large));
        assertThat(written()).isEqualTo(large);
        for (int i = 0; i < 64; i++) {
            socket.write(Frame.text("s"));
        }
        assertThat(written()).isEqualTo("s" + "|s".repeat(63));
    }

    @Test
    void aFrameLongerThanATurnIsWrittenAtOnceAndWhole() {
        for (int length : new int[] {125, 126, 65_535, 65_536, 1_000_000}) {
            socket.write(new Frame(
                    true, new byte[] {'h'}, "b".repeat(length - 2).getBytes(StandardCharsets.US_ASCII), new byte[] {'t'
                    }));
            channel.runPendingTasks();
            assertThat(written()).isEqualTo("h" + "b".repeat(length - 2) + "t");
        }
    }

    @Test
    void aSocketThatIsWrittenEarlyTwiceInATurnWaitsForOneFlush() {
        for (int i = 0; i < 200; i++) {
            socket.write(Frame.text("x".repeat(1_000)));
        }
        channel.runPendingTasks();
        int frames = 0;
        for (var next = written(); next != null; next = written()) {
            frames += next.split("\\|").length;
        }
        assertThat(frames).isEqualTo(200);
    }

    @Test
    void holdsFramesWhileTheChannelIsNotWritable() {
        blockChannel();
        socket.write(Frame.text("one"));
        socket.write(Frame.text("x".repeat(20_000)));
        channel.runPendingTasks();
        assertThat(socket.heldBytes()).isEqualTo(20_003);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(30_000, 60_000));
        unblockChannel();
        assertThat(written()).isEqualTo("one");
        assertThat(written()).hasSize(20_000);
        assertThat(events).containsExactly("dequeued");
        assertThat(socket.heldBytes()).isZero();
    }

    @Test
    void aFrameThatIsQueuedBeforeTheChannelBlocksIsHeld() {
        socket.write(Frame.text("one"));
        blockChannel();
        channel.runPendingTasks();
        assertThat(socket.heldBytes()).isEqualTo(3);
        unblockChannel();
        assertThat(written()).isEqualTo("one");
    }

    @Test
    void theCloseFrameFollowsWhatIsQueuedAndNothingFollowsIt() {
        socket.write(Frame.text("one"));
        socket.close(CloseCode.RATE_LIMITED);
        socket.close(CloseCode.GOING_AWAY);
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("one");
        assertThat(written()).startsWith("close 4008".substring(0, 6));
        socket.write(Frame.text("late"));
        channel.runPendingTasks();
        assertThat(written()).isNull();
        assertThat(events).containsExactly("close sent");
    }

    @Test
    void theCloseFrameWaitsForAChannelThatIsNotWritable() {
        blockChannel();
        socket.write(Frame.text("one"));
        socket.close(CloseCode.RATE_LIMITED);
        channel.runPendingTasks();
        assertThat(events).isEmpty();
        unblockChannel();
        assertThat(written()).isEqualTo("one");
        assertThat(written()).startsWith("close");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aCloseAfterTheQueueWasDiscardedIsSentAtOnce() {
        blockChannel();
        socket.write(Frame.text("one"));
        socket.discardQueued();
        assertThat(socket.heldBytes()).isZero();
        socket.close(CloseCode.UNKNOWN_ERROR);
        channel.runPendingTasks();
        assertThat(events).containsExactly("close sent");
    }

    @Test
    void aClientThatDoesNotReadIsDisconnectedAfterTheCloseTimeout() {
        channel.freezeTime();
        blockChannel();
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

    @Test
    void pingsAreAnsweredInTheirTurn() {
        socket.answer(new byte[] {'a'});
        socket.answer(new byte[] {'b'});
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("pong a");
        assertThat(written()).isEqualTo("pong b");
    }

    @Test
    void onlyTheLastPingIsAnsweredAfterTheChannelWasNotWritable() {
        blockChannel();
        long pendingBytes = channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        for (int i = 0; i < 500; i++) {
            socket.answer(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
        }
        channel.runPendingTasks();
        assertThat(channel.unsafe().outboundBuffer().totalPendingWriteBytes()).isEqualTo(pendingBytes);
        unblockChannel();
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("pong 499");
        assertThat(written()).isNull();
    }

    @Test
    void theClientsCloseIsEchoedInPlaceOfWhatIsQueued() {
        socket.write(Frame.text("one"));
        socket.onClientClose(new byte[] {0x03, (byte) 0xe8});
        channel.runPendingTasks();
        assertThat(written()).startsWith("close");
        assertThat(written()).isNull();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theClientsReplyToACloseEndsTheChannel() {
        socket.close(CloseCode.GOING_AWAY);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        socket.onClientClose(new byte[] {0x03, (byte) 0xe9});
        assertThat(channel.isOpen()).isFalse();
    }
}
