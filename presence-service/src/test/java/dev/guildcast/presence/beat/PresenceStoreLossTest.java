package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.liveness.FaultyPresenceStore.Behavior;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Nobody goes offline because the store is unavailable, hangs or has been wiped.
class PresenceStoreLossTest extends PresenceTrackerFixture {
    @Test
    void setsNobodyOfflineWhileTheStoreIsUnavailable() {
        report(1, 10, "online");
        passFlapWindow();
        store.behavior = Behavior.FAILING;
        elapse(Duration.ofSeconds(300));
        assertThat(published).hasSize(1);
        store.behavior = Behavior.HEALTHY;
        store.wipe();
        // Beats refill it; until one TTL has passed, missing beats do not count.
        elapse(Duration.ofSeconds(40));
        assertThat(published).hasSize(1);
        beatFor(Duration.ofSeconds(120));
        assertThat(published).hasSize(1);
        assertThat(storedSessionCount()).isEqualTo(1);
    }

    @Test
    void recoversTheStoreConnectionWithoutBeats() {
        report(1, 10, "online");
        passFlapWindow();
        tracker = start();
        store.behavior = Behavior.FAILING;
        for (int i = 0; i < 20; i++) {
            lookup(77);
        }
        store.behavior = Behavior.HEALTHY;
        elapse(Duration.ofSeconds(140));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void announcesAnEndWhileTheStoreIsUnavailable() {
        report(1, 10, "online");
        passFlapWindow();
        store.behavior = Behavior.FAILING;
        endSession(1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void refillsAWipedStoreWithTheNextBeats() {
        report(1, 10, "online");
        passFlapWindow();
        store.wipe();
        assertThat(storedSessionCount()).isZero();
        beatFor(Duration.ofSeconds(60));
        assertThat(storedSessionCount()).isEqualTo(1);
        assertThat(published).hasSize(1);
    }

    @Test
    void acceptsBeatsAndAnnouncesChangesWhileTheStoreHangs() {
        report(1, 10, "online");
        passFlapWindow();
        store.behavior = Behavior.HANGING;
        for (int version = 11; version < 200; version++) {
            report(1, version, version % 2 == 0 ? "idle" : "dnd");
            assertThat(beat(1, version)).isEmpty();
        }
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"dnd\"");
        assertThat(published).hasSize(2);
    }
}
