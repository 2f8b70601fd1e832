package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Time until `./guildcast up` is ready, and its memory then.
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Time until './guildcast up' is ready, and its memory 10 s later: first and later starts, one "
                + "process per service and all in one JVM. The baseline is a JVM that prints its version.")
public final class StartBenchmark implements Runnable {
    /// A first start without an AOT cache on a slow machine takes minutes.
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
    /// Memory is measured once the work of the start is done.
    private static final long SETTLE_SECONDS = 10;
    /// The best of a few runs excludes other load on the machine.
    private static final int BASELINE_RUNS = 5;

    @Option(names = "--repository", defaultValue = ".", description = "Folder of ./guildcast: ${DEFAULT-VALUE}.")
    private Path repository = Path.of(".");

    @Option(names = "--later", defaultValue = "3", description = "Later starts to measure: ${DEFAULT-VALUE}.")
    private int later = 3;

    @Override
    public void run() {
        try {
            measure();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("guildcast-start");
        var rows = new ArrayList<String>();
        double jvm = jvmSeconds();
        rows.add(row("JVM that prints its version (baseline)", jvm, jvm, 0));
        rows.add(start("processes, first start", home, jvm, List.of("--port", "0"), true));
        for (int i = 0; i < later; i++) {
            rows.add(start("processes, later start", home, jvm, List.of("--port", "0"), false));
        }
        for (int i = 0; i < later; i++) {
            rows.add(start("one JVM, later start", home, jvm, List.of("--single", "--port", "0"), false));
        }
        System.out.println("| start | ready s | × baseline | PSS MiB |\n|---|---|---|---|");
        rows.forEach(System.out::println);
    }

    private String start(String name, Path home, double jvm, List<String> options, boolean awaitCache)
            throws IOException, InterruptedException {
        System.err.println(name + " ...");
        try (var suite = LauncherRun.up(repository.toAbsolutePath().normalize(), home, READY_TIMEOUT, options)) {
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            long memory = ProcessUsage.pssMebibytes(suite.pids());
            if (awaitCache) {
                suite.awaitCache();
            }
            return row(name, suite.readySeconds(), jvm, memory);
        }
    }

    private static double jvmSeconds() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < BASELINE_RUNS; i++) {
            long from = System.nanoTime();
            new ProcessBuilder(java, "-version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            best = Math.min(best, (System.nanoTime() - from) / 1e9);
        }
        return best;
    }

    private static String row(String name, double seconds, double jvm, long mebibytes) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.0f | %s |",
                name,
                seconds,
                seconds / jvm,
                mebibytes == 0 ? "" : Long.toString(mebibytes));
    }
}
