package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every command prints one sentence whatever the state of its files is.
class CommandFailuresTest {
    @TempDir
    Path folder;

    private String homeBefore = "";

    @BeforeEach
    void rememberHome() {
        homeBefore = System.getProperty("guildcast.home", "");
    }

    @AfterEach
    void restoreHome() {
        System.setProperty("guildcast.home", homeBefore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"up --port 0", "up --single --port 0", "status", "down", "kill gateway", "watch", "explain a b"})
    void aHomeUnderAPlainFileIsOneSentence(String command) throws IOException {
        var home = Files.writeString(folder.resolve("plain"), "").resolve("home");
        System.setProperty("guildcast.home", home.toString());
        assertThat(fail(command))
                .hasLineCount(1)
                .contains(folder.resolve("plain").toString(), "GUILDCAST_HOME");
    }

    @Test
    void withVerboseTheTraceFollows() throws IOException {
        var home = Files.writeString(folder.resolve("plain"), "").resolve("home");
        System.setProperty("guildcast.home", home.toString());
        assertThat(fail("status --verbose")).contains("\n\tat dev.guildcast.suite");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "", "[]", "7", "{}", "{\"pid\":PID}", "{\"pid\":PID,\"services\":[{}]}", "\u0000\u0001"})
    void aStatusFileThatIsNoneCountsAsAbsent(String content) throws IOException {
        var pid = Long.toString(ProcessHandle.current().pid());
        Files.writeString(folder.resolve("status.json"), content.replace("PID", pid));
        System.setProperty("guildcast.home", folder.toString());
        for (var command : new String[] {"kill gateway", "watch", "explain a b"}) {
            assertThat(fail(command))
                    .as(command)
                    .startsWith("no suite runs in ")
                    .hasLineCount(1);
        }
        assertThat(run("status")).isEqualTo(1);
        assertThat(run("down")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "[]", "{\"tokens\":null}"})
    void aTokenFileThatIsNoneIsOneSentenceWithItsName(String content) throws IOException {
        var file = Files.writeString(folder.resolve("tokens.json"), content);
        System.setProperty("guildcast.home", folder.toString());
        assertThat(fail("token")).startsWith(file.toString()).hasLineCount(1);
    }

    @Test
    void publishNamesTheFileThatItCannotRead() {
        System.setProperty("guildcast.home", folder.toString());
        assertThat(fail("publish /nonexistent"))
                .isEqualToIgnoringNewLines("cannot read /nonexistent: there is no such file; give a file of JSON lines,"
                        + " or - for standard input");
        assertThat(fail("publish " + folder)).contains("it is a folder").hasLineCount(1);
    }

    @Test
    void namesTheFirstPortsThatAreTaken() throws IOException {
        System.setProperty("guildcast.home", folder.toString());
        int first = 24_000;
        try (var api = new ServerSocket(first, 1, InetAddress.getLoopbackAddress());
                var gateway = new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress());
                var ingress = new ServerSocket(first + 2, 1, InetAddress.getLoopbackAddress());
                var kafka = new ServerSocket(first + 10, 1, InetAddress.getLoopbackAddress())) {
            assertThat(api.isBound() && gateway.isBound() && ingress.isBound() && kafka.isBound())
                    .isTrue();
            assertThat(fail("up --port " + first))
                    .startsWith("port 24000 (REST base) is taken, port 24001 (gateway) is taken, port 24002 (ingress)"
                            + " is taken and ")
                    .contains("--port")
                    .hasLineCount(1);
        }
    }

    @Test
    void aSecondSuiteInTheFolderLeavesTheLogOfTheFirstAlone() throws IOException {
        System.setProperty("guildcast.home", folder.toString());
        var log = Files.writeString(folder.resolve("suite.log"), "of the first\n");
        try (var channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(fail("up --single --port 0"))
                    .startsWith("a suite already runs in " + folder)
                    .hasLineCount(1);
        }
        assertThat(log).hasContent("of the first");
    }

    @Test
    void killRefusesANumberBeyondAnyInstance() {
        System.setProperty("guildcast.home", folder.toString());
        assertThat(fail("kill gateway-99999999999")).hasLineCount(1);
    }

    private static int run(String command) {
        return Suite.commandLine().execute(command.split(" "));
    }

    private static String fail(String command) {
        var commandLine = Suite.commandLine();
        var error = new StringWriter();
        commandLine.setErr(new PrintWriter(error));
        assertThat(commandLine.execute(command.split(" "))).as(command).isEqualTo(1);
        return error.toString();
    }
}
