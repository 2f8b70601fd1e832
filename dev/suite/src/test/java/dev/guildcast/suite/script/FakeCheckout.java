package dev.guildcast.suite.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A checkout with the real script `guildcast`, a build that counts its runs, and a `java` that prints its arguments.
final class FakeCheckout {
    /// The output of a command and its exit code.
    record ScriptResult(int code, String output) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    private static final Path REAL = Path.of("..", "..").toAbsolutePath().normalize();

    private final Path root;

    private FakeCheckout(Path root) {
        this.root = root;
    }

    static FakeCheckout create(Path root) throws IOException {
        Files.createDirectories(root.resolve("dev/suite/src/main"));
        Files.createDirectories(root.resolve("dev/demo/src/main"));
        for (var file : List.of("guildcast", "dev/locale.sh")) {
            Files.copy(REAL.resolve(file), root.resolve(file));
        }
        Files.writeString(root.resolve("pom.xml"), "");
        script(root.resolve("dev/find-jdk"), "cd \"$(dirname \"$0\")/jdk\" && pwd");
        Files.createDirectories(root.resolve("dev/jdk/bin"));
        Files.writeString(root.resolve("dev/jdk/release"), "JAVA_VERSION=\"25\"\n");
        script(
                root.resolve("dev/jdk/bin/java"),
                "echo \"locale $(locale charmap)\"; for arg in \"$@\"; do echo \"arg $arg\"; done; cat \"${1#@}\"");
        script(root.resolve("mvnw"), """
                root=$(cd "$(dirname "$0")" && pwd)
                echo "$@" >>"$root/builds"
                for module in suite demo; do
                    target="$root/dev/$module/target"
                    mkdir -p "$target/image/lib"
                    rm -f "$target"/image/suite.args
                    touch "$target/$module-0.1.0-SNAPSHOT.jar" "$target/image/lib/a.jar" "$target/image/lib/b.jar"
                    printf 'lib/a.jar:lib/b.jar' >"$target/image/classpath"
                done""");
        return new FakeCheckout(root);
    }

    FakeCheckout renamedTo(String name) throws IOException {
        return new FakeCheckout(Files.move(root, root.resolveSibling(name)));
    }

    Path root() {
        return root;
    }

    Path file(String path) {
        return root.resolve(path);
    }

    List<String> builds() throws IOException {
        var file = root.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    ScriptResult run(String... args) throws IOException, InterruptedException {
        return run(root.resolve("guildcast"), Map.of(), args);
    }

    ScriptResult run(Path script, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        Collections.addAll(command, args);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("GUILDCAST_HOME");
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ScriptResult(process.waitFor(), output);
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\nset -eu\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
