package dev.guildcast.suite.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Java command that service processes are started with.
///
/// @param java the `java` of this process
/// @param classPath the value of `-cp`; always the same, because an AOT cache is valid for one class path
/// @param aotCache the cache file, which may not exist yet; empty if none is configured
public record JavaCommand(Path java, String classPath, Path aotCache) {
    /// Flags for a fast start and a small footprint, as one machine runs all services.
    public static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            // Each time a seventh of the code cache fills up, a full collection stops everything for a third of a
            // second.
            "-XX:ReservedCodeCacheSize=240m",
            // So does each metaspace threshold, five times during the start of a service.
            "-XX:MetaspaceSize=96m",
            // Objects that survive four collections live long, so they are not copied up to fifteen times.
            "-XX:MaxTenuringThreshold=4",
            // An AOT cache mapped at its own address shares its pages; relocated, each process has a private copy.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // A cache that does not match is ignored; the JVM's warnings about it would only confuse.
            "-Xlog:aot*=off",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.net.preferIPv4Stack=true",
            "-Dfile.encoding=UTF-8",
            // Kafka, for one, derives the names of its enums by the rules of the machine's language, and dies of a
            // Turkish one.
            "-Duser.language=en",
            "-Duser.country=",
            "-Duser.script=",
            "-Duser.variant=");

    /// The Java of this process. The class path is read from the file that the system property
    /// `guildcast.services.class-path` names, else it is that of this process.
    public static JavaCommand ofThisProcess() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var aotCache = Path.of(System.getProperty("guildcast.aot-cache", ""));
        var file = System.getProperty("guildcast.services.class-path");
        try {
            var classPath = file == null
                    ? System.getProperty("java.class.path")
                    : Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
            return new JavaCommand(java, classPath, aotCache);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the services' class path: " + e.getMessage(), e);
        }
    }

    /// The AOT cache, if it exists.
    public Optional<Path> existingAotCache() {
        return Optional.of(aotCache).filter(Files::isRegularFile);
    }

    /// Flags and class path of every service process.
    public List<String> jvmArgs() {
        var args = new ArrayList<>(FLAGS);
        existingAotCache().ifPresent(cache -> args.add("-XX:AOTCache=" + cache));
        args.add("-cp");
        args.add(classPath);
        return args;
    }
}
