package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One connection of [LoadClients]: identifies, sends heartbeats, responds to pings and extracts the due times.
///
/// - **Owner:** the thread of [LoadClients]; others may only read [#endReason] and await the guild.
/// - **Bound:** keeps less than one frame. It sends little: a socket that does not accept a frame at once fails.
/// - **Promise:** allocates nothing per message, and copies only frames that a read has split.
final class LoadClient {
    private static final AsciiMarker HELLO = new AsciiMarker("\"heartbeat_interval\"");
    private static final AsciiMarker GUILD = new AsciiMarker("\"GUILD_CREATE\"");
    private static final byte[] HEARTBEAT = "{\"op\":1,\"d\":null}".getBytes(StandardCharsets.US_ASCII);
    /// Half of the interval that gateways ask for, rounded down.
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(20).toNanos();
    /// What RFC 6455 calls a close frame without a code.
    private static final int NO_CODE = 1005;

    /// GUILDS, GUILD_MESSAGES and MESSAGE_CONTENT.
    private static final long INTENTS = 1 | 1 << 9 | 1 << 15;

    private final SocketChannel channel;
    private final String token;
    private final LongConsumer onDue;
    private final ServerFrames frames = new ServerFrames();
    private final CountDownLatch guildReceivedOrEnded = new CountDownLatch(1);
    private byte[] partial = new byte[0];
    private int partialBytes;
    private boolean upgraded;
    private boolean identified;
    private long lastHeartbeatNanos;
    private volatile @Nullable String endReason;

    private LoadClient(SocketChannel channel, String token, LongConsumer onDue) {
        this.channel = channel;
        this.token = token;
        this.onDue = onDue;
    }

    /// Connects and sends the upgrade request; the rest happens once the client is registered.
    static LoadClient connect(URI gateway, String token, LongConsumer onDue) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var request = ClientUpgrade.request(gateway);
            while (request.hasRemaining()) {
                channel.write(request);
            }
            channel.configureBlocking(false);
            return new LoadClient(channel, token, onDue);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    void register(Selector selector) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// Whether the client received its guild within the time, and its connection is still open.
    boolean awaitGuild(Duration within) throws InterruptedException {
        return guildReceivedOrEnded.await(within.toMillis(), TimeUnit.MILLISECONDS) && endReason == null;
    }

    String token() {
        return token;
    }

    /// Why the connection ended; null while it is open.
    @Nullable
    String endReason() {
        return endReason;
    }

    /// Reads once and handles every complete frame.
    ///
    /// @param buffer lent for this call, with room for the longest frame and one read
    void read(ByteBuffer buffer) throws IOException {
        buffer.clear().put(partial, 0, partialBytes);
        if (channel.read(buffer) < 0) {
            throw new ProtocolException("the server ended the stream without a close frame");
        }
        buffer.flip();
        upgraded = upgraded || ClientUpgrade.accepted(buffer);
        while (upgraded && endReason == null && frames.next(buffer)) {
            onFrame(buffer);
        }
        if (endReason == null) {
            keepPartialFrame(buffer);
        }
    }

    private void keepPartialFrame(ByteBuffer buffer) {
        partialBytes = buffer.remaining();
        if (partial.length < partialBytes) {
            partial = new byte[partialBytes];
        }
        buffer.get(partial, 0, partialBytes);
    }

    private void onFrame(ByteBuffer buffer) throws IOException {
        switch (frames.opcode()) {
            case ServerFrames.TEXT -> onPayload(buffer, frames.from(), frames.to());
            case ServerFrames.PING -> send(ServerFrames.PONG, frames.copy(buffer));
            case ServerFrames.PONG -> {}
            case ServerFrames.CLOSE -> onClose(frames.copy(buffer));
            default -> throw new ProtocolException("a frame with opcode " + frames.opcode());
        }
    }

    private void onPayload(ByteBuffer buffer, int from, int to) throws IOException {
        int due = DueTimeParser.MARKER.endIn(buffer, from, to);
        if (due >= 0) {
            onDue.accept(DueTimeParser.parse(buffer, due, to));
        } else if (HELLO.endIn(buffer, from, to) >= 0) {
            identify();
        } else if (GUILD.endIn(buffer, from, to) >= 0) {
            guildReceivedOrEnded.countDown();
        }
    }

    private void identify() throws IOException {
        String text = String.format(
                Locale.ROOT,
                "{\"op\":2,\"d\":{\"token\":\"%s\",\"intents\":%d,\"properties\":{\"os\":\"\",\"browser\":\"\",\"device\":\"\"}}}",
                token,
                INTENTS);
        send(ServerFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
        identified = true;
        lastHeartbeatNanos = System.nanoTime();
    }

    /// Sends a heartbeat if one is due.
    void sendHeartbeatIfDue(long now) throws IOException {
        if (identified && endReason == null && now - lastHeartbeatNanos >= HEARTBEAT_NANOS) {
            lastHeartbeatNanos = now;
            send(ServerFrames.TEXT, HEARTBEAT);
        }
    }

    private void onClose(byte[] payload) throws IOException {
        int code = payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getChar();
        endReason = "closed with " + code;
        send(ServerFrames.CLOSE, Arrays.copyOf(payload, Math.min(2, payload.length)));
        release();
    }

    private void send(int opcode, byte[] payload) throws IOException {
        var frame = ClientFrames.masked(opcode, payload);
        channel.write(frame);
        if (frame.hasRemaining()) {
            throw new ProtocolException("the server does not read: the socket's send buffer is full");
        }
    }

    /// Ends the connection with a reason, unless it has one.
    void fail(String reason) {
        if (endReason == null) {
            endReason = reason;
        }
        release();
    }

    private void release() {
        close();
        guildReceivedOrEnded.countDown();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to do.
        }
    }
}
