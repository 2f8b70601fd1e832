package dev.guildcast.suite.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a Java process of the suite is started with.
///
/// @param java the `java` of this process
/// @param classPath as it is given to `-cp`; always the same, for the AOT cache holds for one
/// @param aotCache where it is, or would be
public record Image(Path java, String classPath, Path aotCache) {
    /// For short start and small memory, on a machine that runs them all.
    public static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            // Each time a seventh of it has been filled, everything stops for a full collection: a third of a second.
            "-XX:ReservedCodeCacheSize=240m",
            // So does each threshold of metadata, five times until a service has started.
            "-XX:MetaspaceSize=96m",
            // What has survived four collections survives fifteen: it is not copied each time.
            "-XX:MaxTenuringThreshold=4",
            // The AOT cache stands where it was made for: its pages are shared. Moved, each process has its own.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // A cache that does not fit is not used, and that is all there is to say.
            "-Xlog:aot*=off",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.net.preferIPv4Stack=true",
            "-Dfile.encoding=UTF-8");

    /// The Java of this process. The class path is that of the property `guildcast.services.class-path`, a file that
    /// holds it, else that of this process.
    public static Image ofThisProcess() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var aotCache = Path.of(System.getProperty("guildcast.aot-cache", ""));
        var file = System.getProperty("guildcast.services.class-path");
        try {
            var classPath = file == null
                    ? System.getProperty("java.class.path")
                    : Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
            return new Image(java, classPath, aotCache);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the services' class path: " + e.getMessage(), e);
        }
    }

    /// The AOT cache, if it has been made.
    public Optional<Path> madeAotCache() {
        return Optional.of(aotCache).filter(Files::isRegularFile);
    }

    /// Flags and class path of every service process.
    public List<String> jvmArgs() {
        var args = new ArrayList<>(FLAGS);
        madeAotCache().ifPresent(cache -> args.add("-XX:AOTCache=" + cache));
        args.add("-cp");
        args.add(classPath);
        return args;
    }
}
