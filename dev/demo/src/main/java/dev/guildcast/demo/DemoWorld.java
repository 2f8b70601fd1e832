package dev.guildcast.demo;

import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.witness.model.InitialWorld;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The demo's own world: three guilds of six channels, four bots that see different parts of them, six people.
final class DemoWorld {
    private static final String RESOURCE = "world.json";

    private DemoWorld() {}

    /// @param file another world; empty for the demo's own
    static InitialWorld read(Optional<Path> file) {
        return file.map(InitialWorld::read).orElseGet(() -> InitialWorld.parse(text()));
    }

    /// Writes the demo's own world to a file that a suite can load.
    static Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve("demo-world.json"), text());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot write to " + folder + ": " + FileFailure.reason(e)
                            + "; choose another folder with GUILDCAST_HOME",
                    e);
        }
    }

    private static String text() {
        try (InputStream in = DemoWorld.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the demo's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
