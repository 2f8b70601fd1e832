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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One connection of [LoadClients]: identifies, sends heartbeats, answers pings and finds the due times.
///
/// - **Owner:** the thread of [LoadClients]; others may only ask for [#end] and await the guild.
/// - **Bound:** keeps less than one frame. What it sends is small and rare: a socket that does not take it at once
/// fails.
/// - **Promise:** allocates nothing for a message, and copies only what a read has cut.
final class LoadClient {
    private static final AsciiMarker HELLO = new AsciiMarker("\"heartbeat_interval\"");
    private static final AsciiMarker GUILD = new AsciiMarker("\"GUILD_CREATE\"");
    private static final byte[] HEARTBEAT = "{\"op\":1,\"d\":null}".getBytes(StandardCharsets.US_ASCII);
    private static final long BEAT_NANOS = Duration.ofSeconds(20).toNanos();
    /// What RFC 6455 calls a close frame without a code.
    private static final int NO_CODE = 1005;

    private static final long INTENTS = 1 | 1 << 9 | 1 << 15;

    private final SocketChannel channel;
    private final String token;
    private final LongConsumer onDue;
    private final ServerFrames frames = new ServerFrames();
    private final CountDownLatch shownOrEnded = new CountDownLatch(1);
    private byte[] partial = new byte[0];
    private int partialBytes;
    private boolean upgraded;
    private boolean identified;
    private long beaten;
    private volatile @Nullable String end;

    private LoadClient(SocketChannel channel, String token, LongConsumer onDue) {
        this.channel = channel;
        this.token = token;
        this.onDue = onDue;
    }

    /// Connects and asks for the upgrade; the rest happens once the client is registered.
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

    /// Whether the client has been shown its guild, within the time and on a connection that still stands.
    boolean awaitGuild(Duration within) throws InterruptedException {
        return shownOrEnded.await(within.toMillis(), TimeUnit.MILLISECONDS) && end == null;
    }

    String token() {
        return token;
    }

    /// Why the connection ended; null while it stands.
    @Nullable
    String end() {
        return end;
    }

    /// Reads once and takes every frame that is whole.
    ///
    /// @param buffer lent for this call, with room for the longest frame and one read
    void read(ByteBuffer buffer) throws IOException {
        buffer.clear().put(partial, 0, partialBytes);
        if (channel.read(buffer) < 0) {
            throw new ProtocolException("the server ended the stream without a close frame");
        }
        buffer.flip();
        upgraded = upgraded || ClientUpgrade.accepted(buffer);
        while (upgraded && end == null && frames.next(buffer)) {
            take(buffer);
        }
        if (end == null) {
            keep(buffer);
        }
    }

    private void keep(ByteBuffer buffer) {
        partialBytes = buffer.remaining();
        if (partial.length < partialBytes) {
            partial = new byte[partialBytes];
        }
        buffer.get(partial, 0, partialBytes);
    }

    private void take(ByteBuffer buffer) throws IOException {
        switch (frames.opcode()) {
            case ServerFrames.TEXT -> payload(buffer, frames.from(), frames.to());
            case ServerFrames.PING -> send(ServerFrames.PONG, frames.copy(buffer));
            case ServerFrames.PONG -> {}
            case ServerFrames.CLOSE -> closed(frames.copy(buffer));
            default -> throw new ProtocolException("a frame with opcode " + frames.opcode());
        }
    }

    private void payload(ByteBuffer buffer, int from, int to) throws IOException {
        int due = DueTime.MARKER.endIn(buffer, from, to);
        if (due >= 0) {
            onDue.accept(DueTime.parse(buffer, due, to));
        } else if (HELLO.endIn(buffer, from, to) >= 0) {
            identify();
        } else if (GUILD.endIn(buffer, from, to) >= 0) {
            shownOrEnded.countDown();
        }
    }

    private void identify() throws IOException {
        String text =
                "{\"op\":2,\"d\":{\"token\":\"%s\",\"intents\":%d,\"properties\":{\"os\":\"\",\"browser\":\"\",\"device\":\"\"}}}"
                        .formatted(token, INTENTS);
        send(ServerFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
        identified = true;
        beaten = System.nanoTime();
    }

    /// Sends a heartbeat if one is due.
    void beat(long now) throws IOException {
        if (identified && end == null && now - beaten >= BEAT_NANOS) {
            beaten = now;
            send(ServerFrames.TEXT, HEARTBEAT);
        }
    }

    private void closed(byte[] payload) throws IOException {
        int code = payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getChar();
        end = "closed with " + code;
        send(ServerFrames.CLOSE, Arrays.copyOf(payload, Math.min(2, payload.length)));
        release();
    }

    private void send(int opcode, byte[] payload) throws IOException {
        var frame = ClientFrames.masked(opcode, payload);
        channel.write(frame);
        if (frame.hasRemaining()) {
            throw new ProtocolException("the server reads nothing");
        }
    }

    /// Ends the connection with a reason, unless it has one.
    void fail(String reason) {
        if (end == null) {
            end = reason;
        }
        release();
    }

    private void release() {
        close();
        shownOrEnded.countDown();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be done for it.
        }
    }
}
