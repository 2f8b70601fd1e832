package dev.guildcast.benchmark.suite;

import dev.guildcast.suite.publish.GrpcIngressClient;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Latency from the moment a message is due at its publisher to the client's callback, and its CPU time.
@Command(
        name = "delivery",
        mixinStandardHelpOptions = true,
        description = "Publish to client latency through a suite of processes, and CPU time per delivery. Baselines, "
                + "in the same run: two bare hops through the same Kafka, and one write to a loopback socket. The "
                + "clients and the publisher connect directly to the gateway and to ingress: the suite's forwarders "
                + "stand for load balancers that are not part of the product. The measurement starts after "
                + "30 s of warm-up at the highest rate.")
public final class DeliveryBenchmark implements Runnable {
    /// A first start without an AOT cache on a slow machine takes minutes.
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
    /// By then the compilers have compiled the delivery path.
    private static final int WARM_UP_SECONDS = 30;
    /// What has not arrived by then never will.
    private static final long DRAIN_SECONDS = 20;

    @Option(names = "--repository", defaultValue = ".", description = "Folder of ./guildcast: ${DEFAULT-VALUE}.")
    private Path repository = Path.of(".");

    @Option(names = "--clients", defaultValue = "10", description = "Clients in the guild: ${DEFAULT-VALUE}.")
    private int clients = 10;

    @Option(names = "--seconds", defaultValue = "30", description = "Seconds at each rate: ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "100,1000",
            description = "Events per second: ${DEFAULT-VALUE}.")
    private List<Integer> rates = List.of(100, 1000);

    @Option(names = "--home", description = "The suite's folder, so that a later run reuses the AOT cache of this one.")
    private @Nullable Path home;

    private final Histogram latencies = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    private long published;

    @Override
    public void run() {
        try {
            measure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    private void measure() throws Exception {
        Path root = repository.toAbsolutePath().normalize();
        Path folder = home == null ? Files.createTempDirectory("guildcast-delivery") : home;
        Path world = BenchmarkWorld.write(folder.resolve("bench-world.json"), clients);
        var options = List.of("--port", "0", "--world", world.toString());
        try (var first = LauncherRun.up(root, folder, READY_TIMEOUT, options)) {
            System.err.println("creating the AOT cache, as every first start does ...");
            first.awaitCache();
        }
        try (var suite = LauncherRun.up(root, folder, READY_TIMEOUT, options);
                var ingress = GrpcIngressClient.connect(
                        "127.0.0.1:" + port(suite.status(), "fanout-service", "ingress-grpc"),
                        suite.status().ingressToken(),
                        line -> {});
                var sockets = new LoadClients(due -> latencies.recordValue(Math.max(0, System.nanoTime() - due)))) {
            SuiteStatus status = suite.status();
            connect(sockets, URI.create(status.gateways().getFirst()));
            try (var hops = new KafkaHops("127.0.0.1:" + port(status, "kafka", "kafka"))) {
                System.err.println("warming up ...");
                int highestRate = Collections.max(rates);
                measureSuite(ingress, sockets, highestRate, WARM_UP_SECONDS);
                measureHops(hops, highestRate, WARM_UP_SECONDS);
                var rows = new ArrayList<String>();
                var services = new TreeMap<String, StringJoiner>();
                for (int rate : rates) {
                    System.err.println(rate + " events/s ...");
                    var cpu = ServiceCpuTimes.now(status);
                    long before = sockets.received();
                    Histogram suiteLatencies = measureSuite(ingress, sockets, rate, seconds);
                    var spent = ServiceCpuTimes.now(status).since(cpu, sockets.received() - before);
                    rows.add(row(rate, suiteLatencies, measureHops(hops, rate, seconds), spent.total()));
                    spent.microsByService()
                            .forEach((service, micros) -> services.computeIfAbsent(
                                            service, name -> new StringJoiner(" | ", "| " + name + " | ", " |"))
                                    .add(String.format(Locale.ROOT, "%.0f", micros)));
                }
                print(rows);
                System.out.println(rates.stream()
                        .map(rate -> rate + " events/s |")
                        .collect(Collectors.joining(" ", "\n| CPU µs/delivery | ", "")));
                System.out.println("|---|" + "---|".repeat(rates.size()));
                services.values().forEach(System.out::println);
            }
        }
    }

    private static int port(SuiteStatus status, String service, String port) {
        return status.services().stream()
                .filter(one -> one.name().equals(service))
                .mapToInt(one -> one.ports().getOrDefault(port, 0))
                .findFirst()
                .orElseThrow();
    }

    private void connect(LoadClients sockets, URI gateway) throws IOException, InterruptedException {
        for (String token : BenchmarkWorld.tokens(clients)) {
            sockets.add(gateway, token);
        }
    }

    /// Publishes at the rate and waits until every client has received every message.
    private Histogram measureSuite(GrpcIngressClient ingress, LoadClients sockets, int rate, int length)
            throws IOException, InterruptedException {
        latencies.reset();
        long expected = sockets.received() + (long) rate * length * clients;
        pace(
                rate,
                length,
                due -> ingress.publish(
                        1, BenchmarkWorld.message(published++, due).getBytes(StandardCharsets.UTF_8)));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (sockets.received() < expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        String end = sockets.firstEndReason();
        if (end != null) {
            throw new IllegalStateException("a client's connection ended: " + end);
        }
        if (sockets.received() != expected) {
            throw new IllegalStateException(
                    (expected - sockets.received()) + " messages of " + expected + " did not arrive in time");
        }
        return latencies.copy();
    }

    private static Histogram measureHops(KafkaHops hops, int rate, int length)
            throws IOException, InterruptedException {
        hops.latencies().reset();
        long expected = (long) rate * length;
        byte[] value = BenchmarkWorld.message(0, 0).getBytes(StandardCharsets.UTF_8);
        pace(rate, length, due -> hops.send(due, value));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (hops.latencies().getTotalCount() < expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return hops.latencies().copy();
    }

    private interface Publisher {
        void publish(long dueNanos) throws IOException, InterruptedException;
    }

    /// A late publisher catches up with what is due: waiting counts as latency, as users experience it.
    private static void pace(int rate, int length, Publisher publisher) throws IOException, InterruptedException {
        long from = System.nanoTime();
        long total = (long) rate * length;
        long next = 0;
        while (next < total) {
            long due = from + next * 1_000_000_000L / rate;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                publisher.publish(due);
                next++;
            }
        }
    }

    private static String row(int rate, Histogram suiteLatencies, Histogram baseline, double micros) {
        return String.format(
                Locale.ROOT,
                "| %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |",
                rate,
                millis(suiteLatencies, 50),
                millis(suiteLatencies, 99),
                millis(baseline, 50),
                millis(baseline, 99),
                (double) suiteLatencies.getValueAtPercentile(50) / Math.max(1, baseline.getValueAtPercentile(50)),
                micros);
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private void print(List<String> rows) throws InterruptedException {
        int frame = BenchmarkWorld.message(0, 0).length() + 30;
        System.out.println(
                "| events/s | p50 ms | p99 ms | two bare hops p50 ms | p99 ms | p50 × bare | CPU µs/delivery |");
        System.out.println("|---|---|---|---|---|---|---|");
        rows.forEach(System.out::println);
        System.out.printf(
                Locale.ROOT,
                "%nOne write of %d bytes to a loopback socket: %.1f µs of CPU. %d clients, %d s per rate.%n",
                frame,
                LoopbackWrites.microsEach(frame),
                clients,
                seconds);
    }
}
