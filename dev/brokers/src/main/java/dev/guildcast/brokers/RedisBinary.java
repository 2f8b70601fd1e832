package dev.guildcast.brokers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the Redis to run: the configured one, else the bundled one for this platform, else one on the PATH.
final class RedisBinary {
    private static final String VERSION = "7.0.15";

    private RedisBinary() {}

    /// @param named a file or a command on the PATH; empty if none is configured
    /// @throws IllegalStateException if there is none
    static Path find(Optional<String> named) {
        if (named.isPresent()) {
            return onPath(named.get())
                    .orElseThrow(() -> new IllegalStateException("guildcast.redis.server names '" + named.get()
                            + "' (expected: an executable file, or a command on the PATH)"));
        }
        var resource = "/redis-server-" + VERSION + "-" + platform();
        try (var bundled = RedisBinary.class.getResourceAsStream(resource)) {
            if (bundled != null) {
                return extract(resource.substring(1), bundled.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource, e);
        }
        return Stream.of("valkey-server", "redis-server")
                .flatMap(name -> onPath(name).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no Redis for " + platform() + ": put a redis-server or valkey-server on the PATH"));
    }

    private static String platform() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "darwin" : os.startsWith("linux") ? "linux" : os.replace(' ', '-'))
                + "-"
                + switch (arch) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "x86", "i386", "i686" -> "386";
                    default -> arch;
                };
    }

    private static Path extract(String name, byte[] content) throws IOException {
        var file = cache().resolve(name);
        if (Files.isExecutable(file) && Files.size(file) == content.length) {
            return file;
        }
        // Several JVMs may do this at once: each writes its own file, and the last rename wins with equal content.
        var fresh = Files.createTempFile(Files.createDirectories(file.getParent()), name, ".new");
        Files.write(fresh, content);
        if (!fresh.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + fresh + " executable");
        }
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path cache() {
        var base = System.getenv("XDG_CACHE_HOME");
        return (base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base))
                .resolve("guildcast");
    }

    private static Optional<Path> onPath(String command) {
        if (command.contains(File.separator)) {
            return Optional.of(Path.of(command)).filter(Files::isExecutable);
        }
        var path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, command))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
