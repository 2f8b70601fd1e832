package dev.guildcast.benchmark.socket;

import dev.guildcast.gateway.GatewayApplication;
import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.codec.SharedDeflater;
import dev.guildcast.gateway.codec.ZlibStreamCompressor;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.loop.Loop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/// A gateway whose connections receive events from memory: one task for each event loop and event, as the session link
/// creates them.
///
/// Arguments: the socket layer, whether the clients ask for `zlib-stream`, and the file of tokens. Prints its port. A
/// line of its input is a number of events, which are dispatched to every connection, or `heap`; it answers with the
/// bytes that each client receives of them, or with those of its live heap.
final class GatewayServer {
    private static final String TYPE = "MESSAGE_CREATE";

    /// Keeps the length of frames constant.
    private static final int FIRST_SEQUENCE = 1_000_000;

    /// The longest payload with a header of two bytes, and with one of four.
    private static final int SHORT_LENGTH_MAX = 125;

    private static final int LENGTH_16_MAX = 0xffff;

    /// Far below the interval after which a connection without a heartbeat is closed.
    private static final long HEARTBEAT_NANOS = 10_000_000_000L;

    private final PayloadCodec codec = new JsonPayloadCodec();
    /// A connection of its own, whose frames are as long as those of all others.
    private final FrameCompressor mirror;

    private final Random random = new Random(1);
    private int sequence = FIRST_SEQUENCE;
    private long heartbeatNanos = System.nanoTime();

    private GatewayServer(boolean compressed) {
        mirror = compressed ? new ZlibStreamCompressor(new SharedDeflater()) : FrameCompressor.NONE;
        // Every stream begins with a frame that is no dispatch.
        mirror.compress(Frame.text("{}"));
    }

    /// The length of the frame that plain connections receive for each event.
    static int plainFrameBytes() {
        return frameBytes(new JsonPayloadCodec().dispatch(TYPE, FIRST_SEQUENCE, data(new Random(1))));
    }

    public static void main(String... args) throws IOException {
        var context = GatewayApplication.start(
                "--server.port=0",
                "--gateway.socket.layer=" + args[0],
                "--gateway.token.file=" + args[2],
                "--gateway.link.hosts=127.0.0.1:1",
                "--gateway.identify.authenticate-within=10m",
                "--gateway.heartbeat.interval=59s",
                "--gateway.address.limit=0",
                "--spring.data.redis.port=1",
                "--logging.level.root=error");
        var connections = context.getBean(ConnectionRegistry.class);
        System.out.println(Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort());
        var server = new GatewayServer(Boolean.parseBoolean(args[1]));
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(
                    line.equals("heap") ? liveHeapBytes() : server.dispatch(connections, Integer.parseInt(line)));
        }
        context.close();
    }

    /// Dispatches events to all connections.
    ///
    /// @return the bytes that each of them receives
    private long dispatch(ConnectionRegistry connections, int events) {
        Map<Loop, List<Connection>> byLoop = new HashMap<>();
        connections
                .all()
                .forEach(it -> byLoop.computeIfAbsent(it.loop(), loop -> new ArrayList<>())
                        .add(it));
        if (System.nanoTime() - heartbeatNanos > HEARTBEAT_NANOS) {
            // The clients send none.
            heartbeatNanos = System.nanoTime();
            byLoop.forEach((loop, recipients) -> loop.execute(() -> recipients.forEach(Connection::onHeartbeat)));
        }
        long bytes = 0;
        for (int i = 0; i < events; i++) {
            var dispatch = new SharedDispatch(TYPE, data(random), 0);
            int s = sequence++;
            byLoop.forEach((loop, recipients) -> loop.execute(() -> {
                for (var each : recipients) {
                    each.dispatch(dispatch, s);
                }
            }));
            bytes += frameBytes(mirror.compress(codec.dispatch(TYPE, s, dispatch.data())));
        }
        return bytes;
    }

    private static int frameBytes(Frame frame) {
        int length = frame.length();
        return length + (length <= SHORT_LENGTH_MAX ? 2 : length <= LENGTH_16_MAX ? 4 : 10);
    }

    /// A chat message of constant length.
    private static byte[] data(Random random) {
        var content = new StringBuilder();
        while (content.length() < 80) {
            content.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        long id = 1_200_000_000_000_000_000L + (random.nextLong() >>> 14);
        return ("{\"id\":\"" + id
                        + "\",\"channel_id\":\"41771983423143937\",\"guild_id\":\"41771983423143930\",\"type\":0,"
                        + "\"content\":\"" + content.substring(0, 80) + "\",\"author\":{\"id\":\"2000000000000000"
                        + (10 + random.nextInt(90)) + "\",\"username\":\"somebody\",\"avatar\":null},\"timestamp\":"
                        + "\"2026-11-30T12:" + (10 + random.nextInt(50)) + ":" + (10 + random.nextInt(50))
                        + ".000000+00:00\",\"tts\":false,\"mentions\":[],\"attachments\":[],\"embeds\":[]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static final String[] WORDS =
            ("the raid starts at eight bring potions and do not forget your keys who is on call tonight that was close can "
                            + "someone review my change it is only two lines promise thanks see you")
                    .split(" ");

    private static long liveHeapBytes() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
