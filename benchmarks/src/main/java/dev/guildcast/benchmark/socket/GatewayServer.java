package dev.guildcast.benchmark.socket;

import dev.guildcast.gateway.GatewayApplication;
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
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/// A gateway whose connections receive events from memory: one task for each event loop and event, as the session link
/// creates them.
///
/// Arguments: the socket layer, and the length of the event's data. Prints its port. A line of its input is a number of
/// events, which are dispatched to every connection, or `heap`; it answers with a line when they are queued, or with
/// the bytes of its live heap.
final class GatewayServer {
    static final String TYPE = "MESSAGE_CREATE";

    /// Keeps the length of frames constant.
    static final int FIRST_SEQUENCE = 1_000_000;

    private GatewayServer() {}

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
        var data = new byte[Integer.parseInt(args[1])];
        java.util.Arrays.fill(data, (byte) '1');
        System.out.println(Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort());
        int sequence = FIRST_SEQUENCE;
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("heap")) {
                System.out.println(liveHeapBytes());
                continue;
            }
            Map<Loop, List<Connection>> byLoop = new HashMap<>();
            connections
                    .all()
                    .forEach(it -> byLoop.computeIfAbsent(it.loop(), loop -> new ArrayList<>())
                            .add(it));
            int events = Integer.parseInt(line);
            for (int i = 0; i < events; i++) {
                // A payload of its own for each event, as decoded from the link.
                var dispatch = new SharedDispatch(TYPE, data.clone(), 0);
                int s = sequence++;
                byLoop.forEach((loop, recipients) -> loop.execute(() -> {
                    for (var each : recipients) {
                        each.dispatch(dispatch, s);
                    }
                }));
            }
            System.out.println();
        }
        context.close();
    }

    private static long liveHeapBytes() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
