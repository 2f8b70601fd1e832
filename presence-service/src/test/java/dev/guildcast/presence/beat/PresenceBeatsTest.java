package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.liveness.FaultyPresenceStore.Behavior;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What beats keep alive, which versions win, and what is evicted or rejected.
class PresenceBeatsTest extends PresenceTrackerFixture {
    @Test
    void requestsMissingOrOutdatedStates() {
        assertThat(beat(1, 10)).extracting(SessionBeat::getSession).containsExactly(1L);
        report(1, 10, "online");
        assertThat(beat(1, 10)).isEmpty();
        assertThat(beat(1, 11)).hasSize(1);
        report(1, 11, "dnd");
        assertThat(beat(1, 11)).isEmpty();
        assertThat(beat(1, 10)).isEmpty();
    }

    @Test
    void keepsTheNewestVersionWhateverTheOrder() {
        report(1, 20, "dnd");
        report(1, 10, "idle");
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"dnd\"");
        assertThat(published).hasSize(1);
    }

    @Test
    void isNotRevivedByALateReportOfAFormerHost() {
        report(1, 10, "online");
        passFlapWindow();
        endSession(1, 20);
        passFlapWindow();
        assertThat(beat(1, 10)).isEmpty();
        report(1, 10, "online");
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
        assertThat(published).hasSize(2);
    }

    @Test
    void expiresASessionWithoutBeats() {
        report(1, 10, "online");
        beatFor(Duration.ofSeconds(120));
        assertThat(published).hasSize(1);
        elapse(Duration.ofSeconds(67));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void answersLookupsFromMemoryAndStoreAndLeavesOutTheUnseen() {
        report(1, 10, "idle", CHESS);
        passFlapWindow();
        assertThat(lookup(A, 77)).singleElement().satisfies(found -> {
            assertThat(found.getUserId()).isEqualTo(A);
            assertThat(found.getStatus()).isEqualTo("idle");
            assertThat(found.getActivitiesCount()).isEqualTo(1);
        });
        tracker = start();
        assertThat(lookup(A, 77)).extracting(found -> found.getStatus()).containsExactly("idle");
        store.behavior = Behavior.FAILING;
        assertThat(lookup(A, 77)).isEmpty();
    }

    @Test
    void evictsUsersWithoutSessions() {
        report(1, 10, "online");
        passFlapWindow();
        endSession(1, 20);
        elapse(Duration.ofSeconds(120));
        assertThat(tracker.userCount()).isZero();
        assertThat(tracker.pendingCount()).isZero();
        assertThat(tracker.unwrittenCount()).isZero();
    }

    @Test
    void rejectsUsersBeyondItsBound() {
        for (long user = 1; user <= 150; user++) {
            tracker.offerBatch(BeatBatch.newBuilder()
                            .addStates(state(user, user, 1, "online"))
                            .build())
                    .block();
        }
        assertThat(tracker.userCount()).isEqualTo(100);
    }
}
