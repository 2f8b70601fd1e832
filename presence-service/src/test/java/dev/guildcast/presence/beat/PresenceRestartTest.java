package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What an instance that starts again knows by its store.
class PresenceRestartTest extends PresencesFixture {
    @Test
    void tellsNothingNewAfterARestart() {
        report(1, 10, "online");
        settle();
        presences = start();
        assertThat(beat(1, 10)).hasSize(1);
        report(1, 10, "online");
        settle();
        assertThat(told).hasSize(1);
    }

    @Test
    void remembersOverARestartWhoIsToGoOffline() {
        report(1, 10, "online");
        settle();
        presences = start();
        presences.offerClosed(A, 1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void expiresAfterARestartWhoeverNeverBeatsAgain() {
        report(1, 10, "online");
        settle();
        presences = start();
        elapse(Duration.ofSeconds(59));
        assertThat(told).hasSize(1);
        elapse(Duration.ofSeconds(70));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }
}
