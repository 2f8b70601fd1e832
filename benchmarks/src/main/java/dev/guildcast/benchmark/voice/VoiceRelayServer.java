package dev.guildcast.benchmark.voice;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.guildcast.voiceserver.control.MediaLoopRoomControl;
import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.relay.BrowserPackets;
import dev.guildcast.voiceserver.relay.DatagramDispatcher;
import dev.guildcast.voiceserver.relay.Dropped;
import dev.guildcast.voiceserver.relay.RelayCounts;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.RoomProperties;
import dev.guildcast.voiceserver.room.Rooms;
import dev.guildcast.voiceserver.socket.MediaLoop;
import dev.guildcast.voiceserver.socket.SocketProperties;
import dev.guildcast.voiceserver.socket.UdpPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/// The process that is measured: prints its port, then a [ServerUsage] for each line that it reads, until there is
/// none.
/// Arguments: `relay` or `bare`, then those of the scenario.
final class VoiceRelayServer {
    /// Above what any scenario has, so that no limit takes part in the measurement.
    private static final int USERS_MAX = 10_000;
    /// A join and a room for each user may wait at once.
    private static final int COMMANDS_MAX = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private VoiceRelayServer() {}

    public static void main(String... args) throws IOException {
        var scenario = VoiceScenario.of(Arrays.copyOfRange(args, 1, args.length));
        if (args[0].equals("bare")) {
            bare(scenario);
        } else {
            relay(scenario);
        }
    }

    private static void relay(VoiceScenario scenario) throws IOException {
        var properties = new RoomProperties(
                USERS_MAX, USERS_MAX, USERS_MAX, 1, USERS_MAX, Duration.ofSeconds(60), 200, 2000, 100);
        var rooms = new Rooms(properties, new SecureRandom()::nextInt);
        var shedder = new LoadShedder(0.85, 0.95, 0.7, System.nanoTime());
        var buffer = DataSize.ofMegabytes(4);
        var port = UdpPort.open(new SocketProperties("127.0.0.1", 0, buffer, buffer, COMMANDS_MAX));
        // All clients join at once, from one address.
        var unproven = new UnprovenLimit(USERS_MAX, USERS_MAX, 1, System.nanoTime());
        var relay = new DatagramDispatcher(rooms, unproven, shedder, BrowserPackets.UNSERVED, port);
        try (var loop =
                new MediaLoop(new MediaLoop.LoopParts(port, relay, rooms, shedder), COMMANDS_MAX, System::nanoTime)) {
            loop.start();
            var control = new MediaLoopRoomControl(rooms, loop);
            for (int room = 0; room < scenario.rooms(); room++) {
                require(control.open(room, 1).join());
            }
            for (int user = 0; user < scenario.total(); user++) {
                require(control.join(scenario.roomOf(user), 1, scenario.participant(user))
                        .join());
            }
            serve(port.localPort(), () -> usage(loop.threadId(), relay.counts()));
        }
    }

    private static void bare(VoiceScenario scenario) throws IOException {
        var forwarder = new BareForwarder(scenario);
        var thread = Thread.ofPlatform().name("bare").start(forwarder);
        serve(
                forwarder.localPort(),
                () -> new ServerUsage(
                        THREADS.getThreadCpuTime(thread.threadId()),
                        SYSTEM.getProcessCpuTime(),
                        THREADS.getThreadAllocatedBytes(thread.threadId()),
                        forwarder.received(),
                        forwarder.sent(),
                        0));
        thread.interrupt();
    }

    private static void serve(int port, Supplier<ServerUsage> usage) throws IOException {
        System.out.println(port);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(usage.get().line());
        }
    }

    private static ServerUsage usage(long thread, RelayCounts counts) {
        return new ServerUsage(
                THREADS.getThreadCpuTime(thread),
                SYSTEM.getProcessCpuTime(),
                THREADS.getThreadAllocatedBytes(thread),
                Stream.of(dev.guildcast.voiceserver.packet.PacketType.values())
                        .mapToLong(counts.received()::of)
                        .sum(),
                counts.sent(),
                Stream.of(Dropped.values()).mapToLong(counts.dropped()::of).sum());
    }

    private static void require(RoomOutcome outcome) {
        if (outcome != RoomOutcome.DONE) {
            throw new IllegalStateException("the server answered " + outcome);
        }
    }
}
