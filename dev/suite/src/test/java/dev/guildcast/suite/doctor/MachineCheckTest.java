package dev.guildcast.suite.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.doctor.Finding.Level;
import org.junit.jupiter.api.Test;

class MachineCheckTest {
    @Test
    void failsAnOldJava() {
        assertThat(MachineCheck.java(25, "/j").level()).isEqualTo(Level.OK);
        assertThat(MachineCheck.java(21, "/j")).isEqualTo(Finding.failure("Java 21 in /j: install a JDK 25 or newer"));
    }

    @Test
    void warnsOfAShortBacklogAndFewPorts() {
        assertThat(MachineCheck.backlog("4096\n")).map(Finding::level).contains(Level.OK);
        assertThat(MachineCheck.backlog("128\n")).map(Finding::level).contains(Level.WARNING);
        assertThat(MachineCheck.portRange("32768\t60999\n")).map(Finding::level).contains(Level.OK);
        assertThat(MachineCheck.portRange("50000\t60999\n")).map(Finding::level).contains(Level.WARNING);
    }

    @Test
    void warnsOfTooLittleFreeMemory() {
        assertThat(MachineCheck.freeMemory("MemTotal: 9 kB\nMemAvailable:    8388608 kB\n"))
                .contains(Finding.ok("8192 MB of it free"));
        assertThat(MachineCheck.freeMemory("MemAvailable: 1048576 kB"))
                .map(Finding::level)
                .contains(Level.WARNING);
    }

    @Test
    void reportsNothingForAnUnreadableKernelSetting() {
        assertThat(MachineCheck.freeMemory("")).isEmpty();
        assertThat(MachineCheck.backlog("")).isEmpty();
        assertThat(MachineCheck.portRange("")).isEmpty();
    }
}
