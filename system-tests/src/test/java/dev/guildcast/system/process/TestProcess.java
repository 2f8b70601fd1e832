package dev.guildcast.system.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A program started by a test, and its output.
///
/// - **Owner:** the test; a thread of its own reads the output.
/// - **Promise:** after [#close] it has ended.
final class TestProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private TestProcess(Process process, Consumer<String> onLine) {
        this.process = process;
        this.reader = Thread.ofVirtual().name("program-lines").start(() -> read(onLine));
    }

    /// @param environment in addition to that of this process
    static TestProcess start(Path folder, Map<String, String> environment, List<String> command) {
        return start(folder, environment, command, line -> {});
    }

    static TestProcess start(
            Path folder, Map<String, String> environment, List<String> command, Consumer<String> onLine) {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new TestProcess(builder.start(), onLine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A main class on the class path of this test.
    static TestProcess java(Map<String, String> environment, List<String> options, Class<?> main, String... args) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return start(Path.of("."), environment, command);
    }

    private void read(Consumer<String> onLine) {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (this) {
                    lines.add(line);
                    notifyAll();
                }
                onLine.accept(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /// @return false if no such line was printed in time
    synchronized boolean awaitLine(Predicate<String> which, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (lines.stream().noneMatch(which)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /// Waits until it ends by itself.
    ///
    /// @return its exit code, -1 if it did not end in time
    int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            return -1;
        }
        reader.join(STOP_TIMEOUT);
        return process.exitValue();
    }

    /// Terminates it, as `kill` does.
    void terminate() {
        process.toHandle().destroy();
    }

    /// Ends its standard input.
    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        terminate();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
