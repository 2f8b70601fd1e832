package dev.guildcast.suite.process;

import java.nio.file.Files;
import java.nio.file.Path;

/// A test service that takes its time to close.
public final class SlowlyClosingService {
    private SlowlyClosingService() {}

    /// @param args the file that exists once it has closed, and the milliseconds that closing takes
    public static AutoCloseable start(String... args) {
        return () -> {
            Thread.sleep(Long.parseLong(args[1]));
            Files.createFile(Path.of(args[0]));
        };
    }
}
