package dev.guildcast.system.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The folder in which Node programs run: the example bot's libraries, installed once from its lock file, and the
/// scripts.
final class NodeFolder {
    private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();
    private static final Path BOT = Path.of("..", "examples", "discordjs-bot");
    private static final String LOCK = "package-lock.json";
    private static final Duration INSTALL_MAX = Duration.ofMinutes(4);
    private static final List<Path> FILES = List.of(
            BOT.resolve("package.json"),
            BOT.resolve(LOCK),
            BOT.resolve(".npmrc"),
            BOT.resolve("bot.mjs"),
            Path.of("..", "examples", "publish.mjs"),
            Path.of("src", "test", "node", "discordjs-client.mjs"));

    private NodeFolder() {}

    /// The complete folder. If Node or its libraries are not available, the calling test is skipped with a message;
    /// under CI it fails.
    static synchronized Path require() {
        if (!onPath("node") || !onPath("npm")) {
            throw skipped("node or npm is not on the PATH");
        }
        try {
            Files.createDirectories(FOLDER);
            var installed = FOLDER.resolve("installed.json");
            for (var file : FILES) {
                Files.copy(file, FOLDER.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(installed) || Files.mismatch(installed, FOLDER.resolve(LOCK)) >= 0) {
                install();
                Files.copy(FOLDER.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
            }
            return FOLDER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void install() throws InterruptedException {
        try (var npm = TestProcess.start(FOLDER, Map.of(), List.of("npm", "ci", "--prefer-offline"))) {
            if (npm.awaitExit(INSTALL_MAX) != 0) {
                throw skipped("npm ci did not succeed: " + npm.lines());
            }
        }
    }

    /// Skips the calling test with a message that can be found in the build's output.
    static RuntimeException skipped(String reason) {
        var line = "SKIPPED, " + reason;
        System.out.println(line);
        if (System.getenv("CI") != null) {
            throw new AssertionError(line);
        }
        Assumptions.abort(line);
        return new IllegalStateException(line);
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
