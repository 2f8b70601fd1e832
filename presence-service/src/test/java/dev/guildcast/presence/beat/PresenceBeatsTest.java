package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.liveness.FaultyPresenceStore.Mood;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What beats keep alive, which versions stand, and what is forgotten or refused.
class PresenceBeatsTest extends PresencesFixture {
    @Test
    void asksForStatesItLacksOrHasInAnOlderVersion() {
        assertThat(beat(1, 10)).extracting(SessionBeat::getSession).containsExactly(1L);
        report(1, 10, "online");
        assertThat(beat(1, 10)).isEmpty();
        assertThat(beat(1, 11)).hasSize(1);
        report(1, 11, "dnd");
        assertThat(beat(1, 11)).isEmpty();
        assertThat(beat(1, 10)).isEmpty();
    }

    @Test
    void letsTheNewestVersionStandWhateverTheOrder() {
        report(1, 20, "dnd");
        report(1, 10, "idle");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"dnd\"");
        assertThat(told).hasSize(1);
    }

    @Test
    void isNotRevivedByALateWordOfAFormerHost() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        settle();
        assertThat(beat(1, 10)).isEmpty();
        report(1, 10, "online");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
        assertThat(told).hasSize(2);
    }

    @Test
    void expiresASessionThatNobodyBeatsFor() {
        report(1, 10, "online");
        beatFor(Duration.ofSeconds(120));
        assertThat(told).hasSize(1);
        elapse(Duration.ofSeconds(67));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void answersLookupsFromMemoryAndStoreAndLeavesOutTheUnseen() {
        report(1, 10, "idle", CHESS);
        settle();
        assertThat(lookup(A, 77)).singleElement().satisfies(found -> {
            assertThat(found.getUserId()).isEqualTo(A);
            assertThat(found.getStatus()).isEqualTo("idle");
            assertThat(found.getActivitiesCount()).isEqualTo(1);
        });
        presences = start();
        assertThat(lookup(A, 77)).extracting(found -> found.getStatus()).containsExactly("idle");
        redis.mood = Mood.FAILS;
        assertThat(lookup(A, 77)).isEmpty();
    }

    @Test
    void forgetsUsersThatAreGone() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        elapse(Duration.ofSeconds(120));
        assertThat(presences.userCount()).isZero();
        assertThat(presences.pendingCount()).isZero();
        assertThat(presences.unwrittenCount()).isZero();
    }

    @Test
    void refusesUsersBeyondItsBound() {
        for (long user = 1; user <= 150; user++) {
            presences
                    .offer(BeatBatch.newBuilder()
                            .addStates(state(user, user, 1, "online"))
                            .build())
                    .block();
        }
        assertThat(presences.userCount()).isEqualTo(100);
    }
}
