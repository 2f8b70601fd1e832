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
    void reportsNothingForAnUnreadableKernelSetting() {
        assertThat(MachineCheck.backlog("")).isEmpty();
        assertThat(MachineCheck.portRange("")).isEmpty();
    }
}
