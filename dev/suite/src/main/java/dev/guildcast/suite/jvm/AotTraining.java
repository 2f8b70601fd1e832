package dev.guildcast.suite.jvm;

import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Creates the AOT cache that later starts use, by a training run: a suite in one JVM and a folder of its own that
/// starts, serves one client and stops.
///
/// - **Owner:** one virtual thread; [#close] may be called from any thread.
/// - **Bound:** one process, at the lowest priority where `nice` is available; it is killed after ten minutes.
public final class AotTraining implements AutoCloseable {
    /// Training takes about a minute at the lowest priority; one that hangs is killed.
    private static final long TIMEOUT_MINUTES = 10;

    private final JavaCommand javaCommand;
    private final SuiteFolder folder;
    private volatile @Nullable Process process;
    private volatile boolean closed;

    public AotTraining(JavaCommand javaCommand, SuiteFolder folder) {
        this.javaCommand = javaCommand;
        this.folder = folder;
    }

    /// Starts training in the background if there is no cache yet and a file for it is configured.
    ///
    /// @param onFinished called at the end with whether the cache exists now
    public void startIfMissing(Consumer<Boolean> onFinished) {
        if (javaCommand.existingAotCache().isPresent()
                || javaCommand.aotCache().toString().isEmpty()) {
            return;
        }
        Thread.ofVirtual().name("aot-training").start(() -> onFinished.accept(createCache()));
    }

    private boolean createCache() {
        var newCache =
                javaCommand.aotCache().resolveSibling(javaCommand.aotCache().getFileName() + ".new");
        var home = folder.home().resolve("training");
        try {
            Files.createDirectories(folder.logs());
            Files.deleteIfExists(newCache);
            var command = new ArrayList<String>();
            nice().ifPresent(nice -> Collections.addAll(command, nice.toString(), "-n", "19"));
            command.add(javaCommand.java().toString());
            command.addAll(JavaCommand.FLAGS);
            command.add("-XX:AOTCacheOutput=" + newCache);
            command.add("-Xmx512m");
            command.add("-Dguildcast.home=" + home);
            command.add("-cp");
            command.add(javaCommand.classPath());
            command.add("dev.guildcast.suite.TrainingRun");
            var started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.logs().resolve("aot-training.log").toFile())
                    .start();
            process = started;
            if (closed || !started.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                started.destroyForcibly();
                return false;
            }
            if (started.exitValue() != 0 || !Files.isRegularFile(newCache)) {
                return false;
            }
            Files.move(
                    newCache,
                    javaCommand.aotCache(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<Path> nice() {
        return Optional.of(Path.of("/usr/bin/nice")).filter(Files::isExecutable);
    }

    @Override
    public void close() {
        closed = true;
        var current = process;
        if (current != null) {
            current.descendants().forEach(ProcessHandle::destroyForcibly);
            current.destroyForcibly();
        }
    }
}
