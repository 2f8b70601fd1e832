package dev.guildcast.benchmark.suite;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// `./guildcast up`, started and stopped as by a user.
///
/// - **Owner:** one thread; [#close] stops the suite it started and no other.
final class LauncherRun implements AutoCloseable {
    /// The resolution of the measured start.
    private static final long POLL_MILLIS = 50;
    /// Training is given up by the suite itself after as long.
    private static final Duration CACHE_TIMEOUT = Duration.ofMinutes(10);
    /// Longer than the suite takes when every service has to be killed.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);

    private final Process launcher;
    private final StatusFile file;
    private final Path home;
    private final double readySeconds;

    private LauncherRun(Process launcher, StatusFile file, Path home, double readySeconds) {
        this.launcher = launcher;
        this.file = file;
        this.home = home;
        this.readySeconds = readySeconds;
    }

    /// Starts a suite and returns when it reports that it is ready.
    ///
    /// @param repository folder of `./guildcast`
    /// @param home the suite's own folder
    /// @throws IllegalStateException if it ends before it is ready, or is not ready in time
    static LauncherRun up(Path repository, Path home, Duration atMost, List<String> options)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(repository.resolve("guildcast").toString(), "up"));
        Collections.addAll(command, options.toArray(String[]::new));
        Files.createDirectories(home);
        var output = home.resolve("up.log");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("GUILDCAST_HOME", home.toString());
        var file = new StatusFile(new SuiteFolder(home));
        long from = System.nanoTime();
        var launcher = builder.start();
        // Interrupting the benchmark also stops the suite it measures.
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::destroy, "suite-down"));
        while (file.read().filter(SuiteStatus::ready).isEmpty()) {
            if (!launcher.isAlive() || System.nanoTime() - from > atMost.toNanos()) {
                launcher.destroy();
                throw new IllegalStateException("the suite is not ready; its output is in " + output);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return new LauncherRun(launcher, file, home, (System.nanoTime() - from) / 1e9);
    }

    double readySeconds() {
        return readySeconds;
    }

    SuiteStatus status() {
        return file.read().orElseThrow(() -> new IllegalStateException("the suite has ended; see " + home));
    }

    /// Its process ids, including the launcher's.
    Set<Long> pids() {
        var pids = new TreeSet<Long>();
        var status = status();
        pids.add(status.pid());
        status.services().forEach(one -> pids.add(one.pid()));
        return pids;
    }

    /// Waits for the AOT cache that the first start creates in the background for later starts.
    void awaitCache() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + CACHE_TIMEOUT.toNanos();
        while (!hasCache()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no AOT cache was created within " + CACHE_TIMEOUT.toMinutes() + " min");
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private boolean hasCache() throws IOException {
        try (var files = Files.list(home)) {
            return files.anyMatch(each -> each.toString().endsWith(".aot"));
        }
    }

    @Override
    public void close() {
        launcher.destroy();
        try {
            if (!launcher.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException e) {
            launcher.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
