package dev.guildcast.suite.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindJdkTest {
    private static final Path SCRIPT =
            Path.of("..", "find-jdk").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void takesTheOneOfJavaHomeWhenItIsNewEnough() throws Exception {
        var jdk = jdk("jdk-26", "26.0.1");
        assertThat(find(jdk).strip()).isEqualTo(jdk.toString());
    }

    @Test
    void passesOverAnOldOneAndOneWithoutCompiler() throws Exception {
        var old = jdk("jdk-17", "17.0.15");
        assertThat(find(old).strip()).isNotEqualTo(old.toString());
        var runtime = jdk("jre-25", "25.0.3");
        Files.delete(runtime.resolve("bin/javac"));
        assertThat(find(runtime).strip()).isNotEqualTo(runtime.toString());
    }

    private static String find(Path javaHome) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("/bin/sh", SCRIPT.toString()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private Path jdk(String name, String version) throws IOException {
        var home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        for (var tool : new String[] {"java", "javac"}) {
            var file = Files.createFile(home.resolve("bin").resolve(tool));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home.toRealPath();
    }
}
