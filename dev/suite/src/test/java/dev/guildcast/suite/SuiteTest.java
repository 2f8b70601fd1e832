package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SuiteTest {
    @Test
    void everyCommandHasHelp() {
        var commandLine = Suite.commandLine();
        assertThat(commandLine.getSubcommands().keySet())
                .containsExactlyInAnyOrder(
                        "up",
                        "demo",
                        "voice-demo",
                        "status",
                        "token",
                        "publish",
                        "watch",
                        "explain",
                        "kill",
                        "down",
                        "doctor");
        commandLine.getSubcommands().forEach((name, command) -> {
            if (!name.endsWith("demo")) { // parses its own options
                var output = new StringWriter();
                commandLine.setOut(new PrintWriter(output));
                assertThat(commandLine.execute(name, "--help")).isZero();
                assertThat(output.toString()).contains("Usage: guildcast " + name);
            }
        });
    }

    @Test
    void aUsageErrorIsOneLineWithoutAStackTrace() {
        var commandLine = Suite.commandLine();
        var output = new StringWriter();
        commandLine.setErr(new PrintWriter(output));
        assertThat(commandLine.execute("up", "--gateways", "0")).isEqualTo(1);
        assertThat(output.toString().strip()).isEqualTo("--gateways 0 (expected: 1..8)");
    }
}
