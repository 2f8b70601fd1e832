package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a restarted instance restores from its store.
class PresenceRestartTest extends PresenceTrackerFixture {
    @Test
    void announcesNothingUnchangedAfterARestart() {
        report(1, 10, "online");
        passFlapWindow();
        tracker = start();
        assertThat(beat(1, 10)).hasSize(1);
        report(1, 10, "online");
        passFlapWindow();
        assertThat(published).hasSize(1);
    }

    @Test
    void announcesOfflineForASessionClosedAfterARestart() {
        report(1, 10, "online");
        passFlapWindow();
        tracker = start();
        tracker.offerSessionClosed(A, 1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void expiresSessionsThatNeverBeatAgainAfterARestart() {
        report(1, 10, "online");
        passFlapWindow();
        tracker = start();
        elapse(Duration.ofSeconds(59));
        assertThat(published).hasSize(1);
        elapse(Duration.ofSeconds(70));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }
}
