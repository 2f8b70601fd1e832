package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SuiteTest {
    @Test
    void everyCommandExplainsItself() {
        var line = Suite.commandLine();
        assertThat(line.getSubcommands().keySet())
                .containsExactlyInAnyOrder(
                        "up", "demo", "status", "token", "publish", "watch", "explain", "kill", "down", "doctor");
        line.getSubcommands().forEach((name, command) -> {
            if (!name.equals("demo")) { // whose options are its own
                var said = new StringWriter();
                line.setOut(new PrintWriter(said));
                assertThat(line.execute(name, "--help")).isZero();
                assertThat(said.toString()).contains("Usage: guildcast " + name);
            }
        });
    }

    @Test
    void aMistakeIsOneSentenceAndNoStackTrace() {
        var line = Suite.commandLine();
        var said = new StringWriter();
        line.setErr(new PrintWriter(said));
        assertThat(line.execute("up", "--gateways", "0")).isEqualTo(1);
        assertThat(said.toString().strip()).isEqualTo("--gateways 0 (expected: 1..8)");
    }
}
