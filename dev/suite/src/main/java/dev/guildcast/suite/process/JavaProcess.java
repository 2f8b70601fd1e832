package dev.guildcast.suite.process;

import dev.guildcast.suite.process.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Starts a service in a Java process of its own.
///
/// The child runs [ServiceMain]: it dies when this process does, and writes its process id into a file once it serves.
public final class JavaProcess implements Launcher {
    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    private static final int KILLED = 128 + 9;

    private static final int OLD_MEGABYTES_FIRST = 24;
    private static final int YOUNG_PART = 4;

    private final Path java;
    private final List<String> jvmArgs;
    private final Path startedFolder;

    /// @param java the `java` to run
    /// @param jvmArgs class path and flags that all services share
    /// @param startedFolder where children say that they serve; made if missing
    public JavaProcess(Path java, List<String> jvmArgs, Path startedFolder) {
        this.java = java;
        this.jvmArgs = List.copyOf(jvmArgs);
        this.startedFolder = startedFolder;
    }

    @Override
    public Running launch(ServiceSpec spec, Path log) throws LaunchFailed {
        var started = startedFolder.resolve(spec.id());
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(jvmArgs);
        // Left to itself the young part starts at a few megabytes and grows by full collections only: it is collected
        // many times a second, and what lives for seconds is taken for what lives for ever.
        int young = spec.heapMegabytes() / YOUNG_PART;
        command.add("-Xmn" + young + "m");
        // The JVM's own choice, a part of the machine's memory, would be touched whole before the first collection.
        command.add("-Xms" + Math.min(young + OLD_MEGABYTES_FIRST, spec.heapMegabytes()) + "m");
        command.add("-Xmx" + spec.heapMegabytes() + "m");
        command.add(ServiceMain.class.getName());
        command.add(started.toString());
        command.add(spec.mainClass());
        command.addAll(spec.args());
        try {
            Files.createDirectories(startedFolder);
            Files.deleteIfExists(started);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Child(process, started);
        } catch (IOException e) {
            throw new LaunchFailed("cannot run " + java + ": " + e.getMessage(), e);
        }
    }

    private record Child(Process own, Path started) implements Running {
        @Override
        public ProcessHandle process() {
            return own.toHandle();
        }

        @Override
        public boolean isStarted() {
            try {
                return Files.exists(started) && Files.readString(started).equals(Long.toString(own.pid()));
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public boolean awaitEnd(Duration atMost) throws InterruptedException {
            return own.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean wasKilled() {
            return !own.isAlive() && own.exitValue() == KILLED;
        }

        @Override
        public void stop() {
            // Not by the Process itself: that would close the pipe too, and the child would take it for our death.
            own.toHandle().destroy();
            try {
                if (!own.waitFor(STOP_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
                    own.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                own.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void kill() {
            own.destroyForcibly();
        }
    }
}
