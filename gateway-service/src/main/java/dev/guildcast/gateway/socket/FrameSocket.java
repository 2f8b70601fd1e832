package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The outbound half of the frame layer: queues the frames of a connection, and writes all of a loop turn with one
/// system call.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** what a turn queues is written at [#TURN_BYTES_MAX] or [#TURN_FRAMES_MAX]. Beyond that, frames are held
///   only while the channel is not writable: they are counted, and limited by the slow consumer policy. The channel
///   itself holds its high-water mark, `TURN_BYTES_MAX` and one frame at most. While it is not writable, one ping waits
///   for its answer, the last.
/// - **Promise:** a close frame follows all frames that were queued before it, unless the client does not read; nothing
///   follows a close frame.
final class FrameSocket implements Socket, LoopFlusher.Flushable {
    /// Below the smallest outbound limit, so that frames which only wait for the turn's end never park a client. A
    /// write of this size costs little more than one of a hundred bytes.
    private static final int TURN_BYTES_MAX = 16 * 1024;

    /// With it, small frames such as acknowledgements do not make a long queue.
    private static final int TURN_FRAMES_MAX = 64;

    private final Channel channel;
    private final LoopFlusher flusher;
    private final Duration closeTimeout;
    private final Listener listener;

    /// Null while nothing is queued.
    private @Nullable OutboundQueue queue;

    private byte @Nullable [] unansweredPing;
    private @Nullable CloseCode pendingClose;
    private boolean closeSent;
    private boolean inFlusher;
    private boolean needsFlush;

    FrameSocket(Channel channel, LoopFlusher flusher, Duration closeTimeout, Listener listener) {
        this.channel = channel;
        this.flusher = flusher;
        this.closeTimeout = closeTimeout;
        this.listener = listener;
    }

    @Override
    public Loop loop() {
        return flusher.loop();
    }

    @Override
    public void write(Frame frame) {
        if (closeSent) {
            return;
        }
        var frames = queue;
        if (frames == null) {
            frames = new OutboundQueue();
            queue = frames;
        }
        frames.add(frame);
        if (!channel.isWritable()) {
            return;
        }
        if (frames.heldBytes() >= TURN_BYTES_MAX || frames.size() >= TURN_FRAMES_MAX) {
            writeAll();
            flushChannel();
        } else {
            flushSoon();
        }
    }

    private void flushSoon() {
        if (inFlusher) {
            flusher.onQueued();
        } else {
            inFlusher = true;
            flusher.add(this);
        }
    }

    @Override
    public long heldBytes() {
        return queue == null ? 0 : queue.heldBytes();
    }

    @Override
    public void discardQueued() {
        queue = null;
    }

    /// The channel is writable again.
    void onWritable() {
        answerPing();
        if (queue != null || pendingClose != null) {
            writeAll();
            flushChannel();
            listener.onFramesDequeued();
        }
    }

    @Override
    public void writeQueued() {
        inFlusher = false;
        writeAll();
    }

    private void writeAll() {
        var frames = queue;
        while (frames != null && channel.isWritable()) {
            writeTurn(frames);
            frames = queue;
        }
        if (frames == null) {
            sendClose();
        }
    }

    /// Writes one buffer of frames: as many as fit a turn, and always one.
    private void writeTurn(OutboundQueue frames) {
        long bytes = frames.heldBytes() + (long) frames.size() * FrameEncoder.HEADER_BYTES_MAX;
        var buffer =
                channel.alloc().directBuffer((int) Math.min(bytes, Math.max(TURN_BYTES_MAX, encodedLengthMax(frames))));
        for (var next = frames.poll(); next != null; ) {
            FrameEncoder.append(buffer, next);
            next = buffer.writableBytes() < encodedLengthMax(frames) ? null : frames.poll();
        }
        if (frames.isEmpty()) {
            queue = null;
        }
        write(buffer);
    }

    /// Of the frame that is polled next.
    private static int encodedLengthMax(OutboundQueue frames) {
        return frames.nextLength() + FrameEncoder.HEADER_BYTES_MAX;
    }

    private void write(ByteBuf buffer) {
        needsFlush = true;
        var unused = channel.write(buffer, channel.voidPromise());
    }

    @Override
    public void flushChannel() {
        if (needsFlush) {
            needsFlush = false;
            channel.flush();
        }
    }

    /// Answers a ping now, or when the channel is writable; then only the last one is answered.
    void answer(byte[] ping) {
        unansweredPing = ping;
        answerPing();
    }

    private void answerPing() {
        var ping = unansweredPing;
        if (ping != null && !closeSent && channel.isWritable()) {
            unansweredPing = null;
            write(controlFrame(FrameEncoder.PONG, ping));
            flushSoon();
        }
    }

    private ByteBuf controlFrame(int opcode, byte[] payload) {
        var buffer = channel.alloc().directBuffer(FrameEncoder.HEADER_BYTES_MAX + payload.length);
        FrameEncoder.appendControl(buffer, opcode, payload);
        return buffer;
    }

    @Override
    public void close(CloseCode code) {
        if (closeSent || pendingClose != null) {
            return;
        }
        pendingClose = code;
        closeChannelAfterTimeout();
        if (queue == null || channel.isWritable()) {
            flushSoon();
        }
    }

    private void closeChannelAfterTimeout() {
        Runnable tearDown = channel::close;
        channel.eventLoop().schedule(tearDown, closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void sendClose() {
        var code = pendingClose;
        if (code == null || closeSent) {
            return;
        }
        closeSent = true;
        listener.onCloseSent();
        var reason = code.reason().getBytes(StandardCharsets.UTF_8);
        var payload = new byte[Short.BYTES + reason.length];
        payload[0] = (byte) (code.code() >> Byte.SIZE);
        payload[1] = (byte) code.code();
        System.arraycopy(reason, 0, payload, Short.BYTES, reason.length);
        write(controlFrame(FrameEncoder.CLOSE, payload));
    }

    /// The client's close frame, its own or its reply: ends the channel, after an echo in place of what is queued if
    /// the gateway has not closed yet.
    void onClientClose(byte[] payload) {
        if (closeSent) {
            channel.close();
            return;
        }
        queue = null;
        pendingClose = null;
        closeSent = true;
        closeChannelAfterTimeout();
        channel.writeAndFlush(controlFrame(FrameEncoder.CLOSE, payload)).addListener(ChannelFutureListener.CLOSE);
    }
}
