package dev.guildcast.benchmark.voice;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Rooms full of clients through the relay of the voice server.
@Command(
        name = "voice-relay",
        mixinStandardHelpOptions = true,
        description =
                "CPU time a packet, loss and latency of the voice server's relay: 1000 users in rooms of 25, two of "
                        + "them speaking, and one room of 1000, in both encryption modes. The baseline, in the same run, is a "
                        + "forwarder that passes packets on as they come: the system calls alone. What the server did not send is lost on "
                        + "the way in or by it; what was not read is lost before the clients, who share the machine. Latency is from the speaker's "
                        + "send to the listener's read, by the clock that both processes share; clients are one thread.")
public final class VoiceRelayBenchmark implements Runnable {
    /// A channel of friends, of which most speak in turn.
    private static final int SMALL_ROOM = 25;
    /// Two at a time: with more nobody would understand a word.
    private static final int SPEAKERS = 2;

    @Option(names = "--users", defaultValue = "1000", description = "In all rooms: ${DEFAULT-VALUE}.")
    private int users = 1000;

    @Option(names = "--seconds", defaultValue = "20", description = "Length of each measurement: ${DEFAULT-VALUE}.")
    private int seconds = 20;

    @Option(names = "--warm-up", defaultValue = "10", description = "Seconds before each: ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 10;

    @Override
    public void run() {
        try {
            System.out.println(
                    "| rooms | server | sent/s | not sent | not read | loop's core | process's core | µs CPU a packet sent "
                            + "| bytes allocated a packet sent | p50 ms | p99 ms | p99.9 ms |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
            for (int room : List.of(SMALL_ROOM, users)) {
                int rooms = users / room;
                measure("bare", new VoiceScenario(rooms, room, SPEAKERS, EncryptionMode.AEAD_AES256_GCM_RTPSIZE));
                for (EncryptionMode mode : EncryptionMode.values()) {
                    measure("relay", new VoiceScenario(rooms, room, SPEAKERS, mode));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    private void measure(String kind, VoiceScenario scenario) throws IOException, InterruptedException {
        boolean isRelay = kind.equals("relay");
        try (var server = new VoiceServerProcess(kind, scenario);
                var load = new VoiceLoad(scenario, server.port(), isRelay)) {
            load.connect();
            load.run(warmUpSeconds);
            load.reset();
            var before = server.usage();
            long startNanos = System.nanoTime();
            load.run(seconds);
            // The last second was for what was on its way.
            double tookSeconds = (System.nanoTime() - startNanos) / 1e9 - 1;
            ServerUsage used = server.usage().since(before);
            long expected = load.sent() * (scenario.users() - 1);
            System.out.printf(
                    Locale.ROOT,
                    "| %d × %d | %s | %.0f | %d of %d | %d | %.0f %% | %.0f %% | %.2f | %d | %s |%n",
                    scenario.rooms(),
                    scenario.users(),
                    isRelay ? scenario.mode().wireName() : "bare forwarder",
                    used.sent() / tookSeconds,
                    expected - used.sent(),
                    expected,
                    used.sent() - load.received(),
                    share(used.threadNanos(), tookSeconds),
                    share(used.processNanos(), tookSeconds),
                    used.threadNanos() / 1e3 / Math.max(1, used.sent()),
                    used.allocatedBytes() / Math.max(1, used.sent()),
                    latencies(load.latencies()));
        }
    }

    private static double share(long nanos, double tookSeconds) {
        return 100 * nanos / (tookSeconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static String latencies(Histogram histogram) {
        return String.format(
                Locale.ROOT,
                "%.2f | %.2f | %.2f",
                histogram.getValueAtPercentile(50) / 1e6,
                histogram.getValueAtPercentile(99) / 1e6,
                histogram.getValueAtPercentile(99.9) / 1e6);
    }
}
