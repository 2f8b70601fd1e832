package dev.guildcast.suite.image;

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

/// Makes the AOT cache that later starts use: a suite in one JVM, in a folder of its own, that starts, works a little
/// and ends.
///
/// - **Owner:** one virtual thread; [#close] may be called from any thread.
/// - **Bound:** one process, with the lowest priority where `nice` is known; it is given up after ten minutes.
public final class AotTraining implements AutoCloseable {
    private static final long MINUTES_MAX = 10;

    private final Image image;
    private final SuiteFolder folder;
    private volatile @Nullable Process process;
    private volatile boolean closed;

    public AotTraining(Image image, SuiteFolder folder) {
        this.image = image;
        this.folder = folder;
    }

    /// Starts in the background where there is no cache yet and a name for one is known.
    ///
    /// @param done runs when it has ended; it is told whether there is a cache now
    public void startIfMissing(Consumer<Boolean> done) {
        if (image.madeAotCache().isPresent() || image.aotCache().toString().isEmpty()) {
            return;
        }
        Thread.ofVirtual().name("aot-training").start(() -> done.accept(train()));
    }

    private boolean train() {
        var fresh = image.aotCache().resolveSibling(image.aotCache().getFileName() + ".new");
        var home = folder.home().resolve("training");
        try {
            Files.createDirectories(folder.logs());
            Files.deleteIfExists(fresh);
            var command = new ArrayList<String>();
            nice().ifPresent(nice -> Collections.addAll(command, nice.toString(), "-n", "19"));
            command.add(image.java().toString());
            command.addAll(Image.FLAGS);
            command.add("-XX:AOTCacheOutput=" + fresh);
            command.add("-Xmx512m");
            command.add("-Dguildcast.home=" + home);
            command.add("-cp");
            command.add(image.classPath());
            command.add("dev.guildcast.suite.TrainingRun");
            var started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.logs().resolve("aot-training.log").toFile())
                    .start();
            process = started;
            if (closed || !started.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                started.destroyForcibly();
                return false;
            }
            if (started.exitValue() != 0 || !Files.isRegularFile(fresh)) {
                return false;
            }
            Files.move(fresh, image.aotCache(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
