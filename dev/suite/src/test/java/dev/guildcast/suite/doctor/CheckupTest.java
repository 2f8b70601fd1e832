package dev.guildcast.suite.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.doctor.Finding.Level;
import org.junit.jupiter.api.Test;

class CheckupTest {
    @Test
    void failsAnOldJava() {
        assertThat(Checkup.java(25, "/j").level()).isEqualTo(Level.GOOD);
        assertThat(Checkup.java(21, "/j")).isEqualTo(Finding.fails("Java 21 in /j: install a JDK 25 or newer"));
    }

    @Test
    void warnsOfAShortBacklogAndAFewPorts() {
        assertThat(Checkup.backlog("4096\n")).map(Finding::level).contains(Level.GOOD);
        assertThat(Checkup.backlog("128\n")).map(Finding::level).contains(Level.WARNS);
        assertThat(Checkup.portRange("32768\t60999\n")).map(Finding::level).contains(Level.GOOD);
        assertThat(Checkup.portRange("50000\t60999\n")).map(Finding::level).contains(Level.WARNS);
    }

    @Test
    void saysNothingOfWhatTheKernelDoesNotTell() {
        assertThat(Checkup.backlog("")).isEmpty();
        assertThat(Checkup.portRange("")).isEmpty();
    }
}
