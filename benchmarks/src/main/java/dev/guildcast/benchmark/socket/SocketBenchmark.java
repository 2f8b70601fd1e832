package dev.guildcast.benchmark.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// One event to many sockets.
@Command(
        name = "socket",
        mixinStandardHelpOptions = true,
        description =
                "CPU time of a delivery by the gateway's socket layers alone, and their live heap a connection: one event to all "
                        + "clients at a time, and bursts of 16. The baseline is a loop of send() in C. The servers take turns; "
                        + "each figure is the median of the rounds. CPU time is the process's, compiler and collector included.")
public final class SocketBenchmark implements Runnable {
    private static final int BURST = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String FLOOR = "C send()";
    private static final String ZLIB = "frame, zlib-stream";

    @Option(names = "--clients", defaultValue = "4000", description = "Connections of each server: ${DEFAULT-VALUE}.")
    private int clients = 4000;

    @Option(
            names = "--events",
            defaultValue = "60",
            description = "Single events, and bursts, a round: ${DEFAULT-VALUE}.")
    private int events = 60;

    @Option(names = "--warm-up", defaultValue = "150", description = "Events and bursts before each: ${DEFAULT-VALUE}.")
    private int warmUp = 150;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    /// @param heapBytes of one idle connection; negative: not measured
    private record Result(double singleMicros, double burstMicros, double bytes, double heapBytes) {}

    @Override
    public void run() {
        try {
            var directory = Files.createTempDirectory("socket-benchmark");
            var tokens = directory.resolve("tokens.json");
            Files.writeString(tokens, "{\"tokens\":{}}");
            Map<String, List<Result>> results = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (var name : List.of(FLOOR, "frame", "webflux", ZLIB)) {
                    results.computeIfAbsent(name, it -> new ArrayList<>()).add(measure(name, directory, tokens));
                }
            }
            print(results);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    private Result measure(String name, Path directory, Path tokens) throws IOException, InterruptedException {
        boolean gateway = !name.equals(FLOOR);
        boolean compressed = name.equals(ZLIB);
        try (var server = gateway
                        ? SocketServer.gateway(name.replaceFirst(",.*", ""), compressed, tokens)
                        : SocketServer.floor(directory, clients, GatewayServer.plainFrameBytes());
                var load = new SocketClients()) {
            double heapBytes = -1;
            if (gateway) {
                // The first connections load classes.
                load.connect(server.port(), clients / 10, compressed);
                long before = server.liveHeapBytes();
                load.connect(server.port(), clients - clients / 10, compressed);
                heapBytes = (server.liveHeapBytes() - before) / (double) (clients - clients / 10);
            } else {
                load.connect(server.port(), clients, false);
            }
            deliver(server, load, 1, warmUp);
            var single = deliver(server, load, 1, events);
            deliver(server, load, BURST, warmUp / 4);
            var burst = deliver(server, load, BURST, events);
            var result = new Result(single.cpuMicros, burst.cpuMicros, burst.bytes, heapBytes);
            System.err.println(name + ": " + result);
            return result;
        }
    }

    /// Of one delivery.
    private record Delivery(double cpuMicros, double bytes) {}

    private Delivery deliver(SocketServer server, SocketClients load, int burst, int times) throws IOException {
        var before = server.cpuTime();
        long bytes = 0;
        for (int i = 0; i < times; i++) {
            long bytesEach = server.send(burst);
            load.await(clients * bytesEach, TIMEOUT);
            bytes += bytesEach;
        }
        double deliveries = (double) burst * times;
        return new Delivery(
                server.cpuTime().minus(before).toNanos() / 1e3 / (clients * deliveries), bytes / deliveries);
    }

    private static void print(Map<String, List<Result>> results) {
        System.out.println(
                "| server | µs a delivery | × C | µs in a burst of 16 | × C | bytes a delivery | heap B a connection |");
        System.out.println("|---|---|---|---|---|---|---|");
        var floor = median(results.getOrDefault(FLOOR, List.of()));
        results.forEach((name, all) -> {
            var it = median(all);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.2f | %.2f | %.2f | %.0f | %s |%n",
                    name,
                    it.singleMicros,
                    it.singleMicros / floor.singleMicros,
                    it.burstMicros,
                    it.burstMicros / floor.burstMicros,
                    it.bytes,
                    it.heapBytes < 0 ? "" : String.format(Locale.ROOT, "%.0f", it.heapBytes));
        });
    }

    private static Result median(List<Result> all) {
        return new Result(
                median(all.stream().mapToDouble(Result::singleMicros).toArray()),
                median(all.stream().mapToDouble(Result::burstMicros).toArray()),
                median(all.stream().mapToDouble(Result::bytes).toArray()),
                median(all.stream().mapToDouble(Result::heapBytes).toArray()));
    }

    private static double median(double[] values) {
        java.util.Arrays.sort(values);
        return values[values.length / 2];
    }
}
