package dev.guildcast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DemoTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        return Demo.commandLine()
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute(args);
    }

    @Test
    void printsItsHelp() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--seed", "--seconds", "--keep", "--running");
    }

    @Test
    void rejectsAValueOutOfRangeInOneLine() {
        assertThat(run("--seconds", "5")).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo("--seconds 5 (expected: 10..600)");
    }

    @Test
    void aRunningSuiteRequiresItsWorldFile() {
        assertThat(run("--running")).isEqualTo(2);
        assertThat(err.toString()).contains("--world FILE");
    }
}
