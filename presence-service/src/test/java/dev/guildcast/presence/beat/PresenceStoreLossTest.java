package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.liveness.FaultyPresenceStore.Mood;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Nobody goes offline because the store is away, hangs or has been wiped.
class PresenceStoreLossTest extends PresencesFixture {
    @Test
    void letsNobodyGoOfflineWhileTheStoreIsAway() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.FAILS;
        elapse(Duration.ofSeconds(300));
        assertThat(told).hasSize(1);
        redis.mood = Mood.WELL;
        redis.wipe();
        // Beats fill it; until a whole time to live has passed, silence means nothing.
        elapse(Duration.ofSeconds(40));
        assertThat(told).hasSize(1);
        beatFor(Duration.ofSeconds(120));
        assertThat(told).hasSize(1);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void findsTheStoreAgainWhereNobodyBeats() {
        report(1, 10, "online");
        settle();
        presences = start();
        redis.mood = Mood.FAILS;
        for (int i = 0; i < 20; i++) {
            lookup(77);
        }
        redis.mood = Mood.WELL;
        elapse(Duration.ofSeconds(140));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void tellsAnEndAlsoWhileTheStoreIsAway() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.FAILS;
        gone(1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void writesAWipedStoreAnewWithTheNextBeats() {
        report(1, 10, "online");
        settle();
        redis.wipe();
        assertThat(stored()).isZero();
        beatFor(Duration.ofSeconds(60));
        assertThat(stored()).isEqualTo(1);
        assertThat(told).hasSize(1);
    }

    @Test
    void takesBeatsAndTellsNewsWhileTheStoreHangs() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.HANGS;
        for (int version = 11; version < 200; version++) {
            report(1, version, version % 2 == 0 ? "idle" : "dnd");
            assertThat(beat(1, version)).isEmpty();
        }
        settle();
        assertThat(told.getLast()).contains("\"status\":\"dnd\"");
        assertThat(told).hasSize(2);
    }
}
