package dev.guildcast.suite.process;

import dev.guildcast.suite.process.ServiceLauncher.RunningInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Starts a service in a Java process of its own.
///
/// The child runs [ServiceMain]: it ends with this process, and writes its process id to a marker file once started.
public final class JavaProcessLauncher implements ServiceLauncher {
    /// The exit code of a process that ended by SIGKILL.
    private static final int SIGKILL_EXIT_CODE = 128 + 9;
    /// Those of SIGHUP, SIGINT and SIGTERM, also after the JVM has run its shutdown hooks.
    private static final Set<Integer> ASKED_EXIT_CODES = Set.of(128 + 1, 128 + 2, 128 + 15);

    /// Roughly what a started service retains, so that the heap does not grow during the start.
    private static final int OLD_GENERATION_INITIAL_MEGABYTES = 24;
    /// The young generation gets a quarter of the heap.
    private static final int YOUNG_GENERATION_DIVISOR = 4;

    private final Path java;
    private final List<String> jvmArgs;
    private final Path readyMarkerFolder;

    /// @param java the `java` to run
    /// @param jvmArgs class path and flags that all services share
    /// @param readyMarkerFolder of the marker files that children write once started; created if missing
    public JavaProcessLauncher(Path java, List<String> jvmArgs, Path readyMarkerFolder) {
        this.java = java;
        this.jvmArgs = List.copyOf(jvmArgs);
        this.readyMarkerFolder = readyMarkerFolder;
    }

    @Override
    public RunningInstance launch(ServiceSpec spec, Path log) throws LaunchException {
        var readyMarker = readyMarkerFolder.resolve(spec.id());
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(jvmArgs);
        // By default the young generation starts at a few megabytes and grows at full collections only: it would be
        // collected many times a second, and objects that live for seconds would be promoted.
        int youngMegabytes = spec.heapMegabytes() / YOUNG_GENERATION_DIVISOR;
        command.add("-Xmn" + youngMegabytes + "m");
        // The default, a fraction of the machine's memory, would be touched entirely before the first collection.
        command.add("-Xms" + Math.min(youngMegabytes + OLD_GENERATION_INITIAL_MEGABYTES, spec.heapMegabytes()) + "m");
        command.add("-Xmx" + spec.heapMegabytes() + "m");
        command.add(ServiceMain.class.getName());
        command.add(readyMarker.toString());
        command.add(spec.mainClass());
        command.addAll(spec.args());
        try {
            Files.createDirectories(readyMarkerFolder);
            Files.deleteIfExists(readyMarker);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new JavaInstance(process, readyMarker);
        } catch (IOException e) {
            throw new LaunchException("cannot run " + java + ": " + e.getMessage(), e);
        }
    }

    private record JavaInstance(Process osProcess, Path readyMarker) implements RunningInstance {
        @Override
        public ProcessHandle process() {
            return osProcess.toHandle();
        }

        @Override
        public boolean isStarted() {
            try {
                return Files.exists(readyMarker)
                        && Files.readString(readyMarker).equals(Long.toString(osProcess.pid()));
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public boolean awaitExit(Duration atMost) throws InterruptedException {
            return osProcess.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean wasKilled() {
            return !osProcess.isAlive() && osProcess.exitValue() == SIGKILL_EXIT_CODE;
        }

        @Override
        public boolean wasAskedToEnd() {
            return !osProcess.isAlive() && ASKED_EXIT_CODES.contains(osProcess.exitValue());
        }

        @Override
        public void stop(Duration atMost) {
            // Process#destroy would close the pipe as well, which the child takes for the end of this process.
            osProcess.toHandle().destroy();
            try {
                if (!osProcess.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                    osProcess.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                osProcess.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void kill() {
            osProcess.destroyForcibly();
        }
    }
}
