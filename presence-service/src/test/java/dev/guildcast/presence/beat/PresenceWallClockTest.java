package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nobody goes offline, or stays online, because somebody set the clock of a machine.
class PresenceWallClockTest extends PresenceTrackerFixture {
    private static final List<Duration> STEPS =
            List.of(Duration.ofSeconds(60), Duration.ofSeconds(-60), Duration.ofDays(1), Duration.ofDays(-2));

    @Test
    void aStepOfTheWallClockSetsNobodyOffline() {
        report(1, 10, "online");
        passFlapWindow();
        for (var step : STEPS) {
            wallClock.advance(step);
            elapse(Duration.ofSeconds(15));
            beatFor(Duration.ofSeconds(40));
            assertThat(published).as("announcements after a step of %s", step).hasSize(1);
            assertThat(storedSessionCount()).isEqualTo(1);
        }
    }

    @Test
    void aStepOfTheWallClockKeepsNobodyOnline() {
        for (var step : STEPS) {
            report(1, 10, "online");
            passFlapWindow();
            wallClock.advance(step);
            elapse(Duration.ofSeconds(90));
            assertThat(published.getLast()).contains("\"status\":\"offline\"");
        }
    }

    @Test
    void anInstanceWithAnotherWallClockExpiresNothingOfTheSharedStore() {
        report(1, 10, "online");
        passFlapWindow();
        wallClock.advance(Duration.ofSeconds(60));
        tracker = start();
        elapse(Duration.ofSeconds(30));
        assertThat(storedSessionCount()).isEqualTo(1);
        assertThat(published).hasSize(1);
    }
}
