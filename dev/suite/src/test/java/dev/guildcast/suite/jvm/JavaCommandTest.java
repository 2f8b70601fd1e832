package dev.guildcast.suite.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    /// Turkish has an i without a dot, and Arabic digits of its own.
    @Test
    void childrenDoNotFollowTheLanguageOfTheMachine() throws Exception {
        assertThat("classic".toUpperCase(Locale.of("tr"))).isNotEqualTo("CLASSIC");
        for (var locale : new String[] {"tr_TR.UTF-8", "ar_EG.UTF-8", "th_TH.UTF-8"}) {
            assertThat(run(locale)).as(locale).isEqualTo("CLASSIC 12345 " + Locale.ENGLISH);
        }
    }

    private static String run(String locale) throws Exception {
        var java = JavaCommand.ofThisProcess();
        var command = new ArrayList<String>();
        command.add(java.java().toString());
        // As a user's own options would; those of the command win.
        command.add("-Duser.language=" + locale.substring(0, 2));
        command.addAll(JavaCommand.FLAGS);
        command.add("-cp");
        command.add(Path.of(System.getProperty("java.class.path")).toString());
        command.add(JavaCommandTest.class.getName());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", locale);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    @SuppressWarnings({"DefaultLocale", "StringCaseLocaleUsage"}) // what a library may do
    public static void main(String... args) {
        System.out.println("classic".toUpperCase() + " " + String.format("%d", 12345) + " " + Locale.getDefault());
    }
}
