package dev.guildcast.suite.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuildcastScriptTest {
    @TempDir
    Path folder;

    @Test
    void isFoundThroughLinks() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        var absolute = Files.createSymbolicLink(folder.resolve("gc"), checkout.file("guildcast"));
        Files.createDirectory(folder.resolve("bin"));
        var relative = Files.createSymbolicLink(folder.resolve("bin/gc"), Path.of("../gc"));
        for (var link : new Path[] {absolute, relative}) {
            var outcome = checkout.run(link, Map.of(), "token");
            assertThat(outcome.code()).as(outcome.output()).isZero();
            assertThat(outcome.lines()).contains("arg dev.guildcast.suite.Suite", "arg token");
        }
    }

    @Test
    void aLoopOfLinksIsOneSentence() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        Files.createSymbolicLink(folder.resolve("a"), folder.resolve("b"));
        var loop = Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));
        var outcome = checkout.run(loop, Map.of(), "token");
        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"moved", "with space", "z\u00fcrich", "a#b&c", "d'e\"f\\g", "$HOME;h", "-i", "[j]*"})
    void worksAfterItsFolderIsRenamedTo(String name) throws Exception {
        var before = FakeCheckout.create(folder.resolve("before"));
        assertThat(before.run("status").code()).isZero();
        var after = before.renamedTo(name);
        var outcome = after.run("status");
        assertThat(outcome.code()).as(outcome.output()).isZero();
        var jar = after.root().toRealPath() + "/dev/suite/target/suite-0.1.0-SNAPSHOT.jar";
        var libraries = after.root().toRealPath() + "/dev/suite/target/image/lib/";
        var classPath = jar + ":" + libraries + "a.jar:" + libraries + "b.jar";
        assertThat(after.file("dev/suite/target/image/services.classpath")).hasContent(classPath);
        // An argument file takes a backslash within quotes for an escape.
        var quoted = classPath.replace("\\", "\\\\").replace("\"", "\\\"");
        assertThat(outcome.lines()).contains("\"" + quoted + "\"");
        assertThat(after.builds()).as("nothing is built again").hasSize(1);
    }

    @Test
    void aPathThatNoClassPathCanHoldIsOneSentence() throws Exception {
        var outcome = FakeCheckout.create(folder.resolve("a:b")).run("status");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.lines()).singleElement().asString().contains("contains a colon");
    }

    @Test
    void buildsOnceForAllCommandsAndAgainOnlyAfterAChange() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        for (var command : new String[] {"up", "demo", "status", "demo", "up"}) {
            assertThat(checkout.run(command).code()).isZero();
        }
        assertThat(checkout.builds()).hasSize(1);
        var source = Files.createFile(checkout.file("dev/demo/src/main/Changed.java"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(checkout.run("demo").code()).isZero();
        assertThat(checkout.builds()).hasSize(2);
    }

    @Test
    void sourcesFromTheFutureAreBuiltOnce() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        for (int day = 1; day <= 3; day++) {
            var source = Files.createFile(checkout.file("dev/demo/src/main/Day" + day + ".java"));
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plus(day, ChronoUnit.DAYS)));
        }
        for (var command : new String[] {"up", "status", "demo"}) {
            assertThat(checkout.run(command).code()).isZero();
        }
        assertThat(checkout.builds()).as("the clock was set back").hasSize(1);
        Files.setLastModifiedTime(
                checkout.file("dev/demo/src/main/Day1.java"),
                FileTime.from(Instant.now().plus(4, ChronoUnit.DAYS)));
        assertThat(checkout.run("status").code()).isZero();
        assertThat(checkout.builds()).hasSize(2);
    }

    @Test
    void downAsksTheSuiteOfItsFolderToEndAndNoOtherProcess() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        assertThat(checkout.run("status").code()).isZero();
        var home = Files.createDirectories(checkout.root().toRealPath().resolve(".guildcast"));
        var suite =
                sleeping("-Dguildcast.home=" + home, "-Dguildcast.terminal=false", "dev.guildcast.suite.Suite", "up");
        var other = sleeping(
                "-Dguildcast.home=" + home + "2", "-Dguildcast.terminal=false", "dev.guildcast.suite.Suite", "up");
        try {
            writeStatus(home, other.pid());
            assertThat(checkout.run("down").lines()).contains("arg -Dguildcast.asked=0");
            writeStatus(home, suite.pid());
            assertThat(checkout.run("down", "--help").lines()).contains("arg -Dguildcast.asked=0");
            assertThat(checkout.run("down").lines()).contains("arg -Dguildcast.asked=" + suite.pid());
            assertThat(suite.waitFor()).isEqualTo(128 + 15);
            assertThat(other.isAlive()).isTrue();
        } finally {
            suite.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private static Process sleeping(String... args) throws IOException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "while :; do sleep 0.1; done", "java"));
        Collections.addAll(command, args);
        return new ProcessBuilder(command).start();
    }

    private static void writeStatus(Path home, long pid) {
        new StatusFile(new SuiteFolder(home))
                .write(new SuiteStatus(true, pid, "api", "gateway", List.of(), "ingress", "grpc", "t", List.of()));
    }

    @Test
    void theDemoHasItsOwnClassPathAndTheServicesHaveTheirs() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        var outcome = checkout.run("demo");
        var root = checkout.root().toRealPath();
        assertThat(outcome.lines())
                .contains(
                        "arg @" + root + "/dev/demo/target/image/suite.args",
                        "arg -Dguildcast.services.class-path=" + root + "/dev/suite/target/image/services.classpath");
    }

    @Test
    void startsTheJvmWithANeutralLanguage() throws Exception {
        var outcome = FakeCheckout.create(folder.resolve("checkout")).run("status");
        assertThat(outcome.output()).contains("-Duser.language=en");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "tr_TR.ISO-8859-9", "", "no_such.UTF-8"})
    void opensPathsWithAnyLetterUnderTheLocale(String locale) throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("z\u00fcrich"));
        var outcome = checkout.run(checkout.file("guildcast"), Map.of("LC_ALL", locale), "status");
        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(outcome.lines()).contains("locale UTF-8");
    }

    @Test
    void aRelativeHomeIsThatOfTheCallersFolder() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        var outcome = checkout.run(checkout.file("guildcast"), Map.of("GUILDCAST_HOME", "state"), "status");
        assertThat(outcome.lines())
                .contains("arg -Dguildcast.home=" + Path.of("").toAbsolutePath().resolve("state"));
    }

    @Test
    void isNotMisledByCdpath() throws Exception {
        var checkout = FakeCheckout.create(folder.resolve("checkout"));
        Files.createDirectories(folder.resolve("elsewhere/checkout"));
        var outcome = run(
                folder, Map.of("CDPATH", folder.resolve("elsewhere").toString()), "/bin/sh", "checkout/guildcast", "x");
        assertThat(outcome).as("%s", checkout.root()).contains("arg x");
    }

    @Test
    void aFolderWithoutTheSourcesIsOneSentence() throws Exception {
        var lone = Files.copy(Path.of("..", "..", "guildcast"), folder.resolve("guildcast"));
        assertThat(run(folder, Map.of(), "/bin/sh", lone.toString(), "up"))
                .contains("is not a checkout of Guildcast")
                .hasLineCount(1);
    }

    private static String run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
