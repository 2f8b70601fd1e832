package dev.guildcast.suite.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.doctor.Finding.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EnvironmentCheckTest {
    @Test
    void failsAnOldJava() {
        assertThat(EnvironmentCheck.java(25, "/j").level()).isEqualTo(Level.OK);
        assertThat(EnvironmentCheck.java(21, "/j"))
                .isEqualTo(Finding.failure("Java 21 in /j: install a JDK 25 or newer"));
    }

    @Test
    void warnsOfAShortBacklogAndFewPorts() {
        assertThat(EnvironmentCheck.backlog("4096\n")).map(Finding::level).contains(Level.OK);
        assertThat(EnvironmentCheck.backlog("128\n")).map(Finding::level).contains(Level.WARNING);
        assertThat(EnvironmentCheck.portRange("32768\t60999\n"))
                .map(Finding::level)
                .contains(Level.OK);
        assertThat(EnvironmentCheck.portRange("50000\t60999\n"))
                .map(Finding::level)
                .contains(Level.WARNING);
    }

    @Test
    void warnsOfTooLittleFreeMemory() {
        assertThat(EnvironmentCheck.availableMegabytes("MemTotal: 9 kB\nMemAvailable:    8388608 kB\n"))
                .contains(8192L);
        assertThat(EnvironmentCheck.freeMemory(8192)).isEqualTo(Finding.ok("8192 MB of it free"));
        assertThat(EnvironmentCheck.freeMemory(1024).level()).isEqualTo(Level.WARNING);
    }

    @Test
    void aShortageOfMemoryNamesTheSmallerSuite() {
        assertThat(EnvironmentCheck.memoryShortage(4_000, false)).isEmpty();
        assertThat(EnvironmentCheck.memoryShortage(1_000, true)).isEmpty();
        assertThat(EnvironmentCheck.memoryShortage(1_000, false).orElseThrow()).contains("1000 MB", "--single");
        assertThat(EnvironmentCheck.memoryShortage(300, true).orElseThrow()).doesNotContain("--single");
    }

    @Test
    void failsAFullDiskAndWarnsOfASmallOne() {
        var home = Path.of("/h");
        assertThat(EnvironmentCheck.disk(2L << 30, home)).isEqualTo(Finding.ok("2048 MB free for /h"));
        assertThat(EnvironmentCheck.disk(100L << 20, home).level()).isEqualTo(Level.WARNING);
        assertThat(EnvironmentCheck.disk(0, home).level()).isEqualTo(Level.FAILURE);
        assertThat(EnvironmentCheck.disk(0, home).message()).contains("GUILDCAST_HOME");
    }

    @Test
    void reportsNothingForAnUnreadableKernelSetting() {
        assertThat(EnvironmentCheck.availableMegabytes("")).isEmpty();
        assertThat(EnvironmentCheck.backlog("")).isEmpty();
        assertThat(EnvironmentCheck.portRange("")).isEmpty();
    }
}
