package dev.guildcast.presence.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PresenceCoalescerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PresenceCoalescer coalescer = new PresenceCoalescer(Duration.ofSeconds(1));

    @Test
    void handsOutAChangeOnceAfterTheFlapWindow() {
        coalescer.onChanged(7, START);
        coalescer.onChanged(7, START.plusMillis(900));
        assertThat(coalescer.takeDue(START.plusMillis(999), 10)).isEmpty();
        assertThat(coalescer.takeDue(START.plusMillis(1000), 10)).containsExactly(7L);
        assertThat(coalescer.takeDue(START.plusMillis(9000), 10)).isEmpty();
    }

    @Test
    void announcesAgainAfterAChangeDuringAnAnnouncement() {
        coalescer.onChanged(7, START);
        coalescer.takeDue(START.plusMillis(1000), 10);
        coalescer.onChanged(7, START.plusMillis(1100));
        assertThat(coalescer.takeDue(START.plusMillis(5000), 10)).isEmpty();
        coalescer.onAnnounced(7, START.plusMillis(5000));
        assertThat(coalescer.takeDue(START.plusMillis(6000), 10)).containsExactly(7L);
        coalescer.onAnnounced(7, START.plusMillis(6000));
        assertThat(coalescer.pendingCount()).isZero();
    }

    @Test
    void retriesWithBackoff() {
        coalescer.onChanged(7, START);
        coalescer.takeDue(START.plusMillis(1000), 10);
        assertThat(coalescer.onFailed(7, START.plusMillis(1000))).isTrue();
        assertThat(coalescer.takeDue(START.plusMillis(1249), 10)).isEmpty();
        assertThat(coalescer.takeDue(START.plusMillis(1250), 10)).containsExactly(7L);
        coalescer.onFailed(7, START.plusMillis(1250));
        assertThat(coalescer.takeDue(START.plusMillis(1749), 10)).isEmpty();
        assertThat(coalescer.takeDue(START.plusMillis(1750), 10)).containsExactly(7L);
    }

    @Test
    void givesUpAfterManyAttempts() {
        coalescer.onChanged(7, START);
        Instant now = START;
        for (int i = 1; i < PresenceCoalescer.ATTEMPTS_MAX; i++) {
            now = now.plusSeconds(10);
            assertThat(coalescer.takeDue(now, 10)).containsExactly(7L);
            assertThat(coalescer.onFailed(7, now)).isTrue();
        }
        now = now.plusSeconds(10);
        coalescer.takeDue(now, 10);
        assertThat(coalescer.onFailed(7, now)).isFalse();
        assertThat(coalescer.isPending(7)).isFalse();
    }

    @Test
    void handsOutNoMoreThanAskedForAndTheOldestFirst() {
        for (long user = 1; user <= 5; user++) {
            coalescer.onChanged(user, START.plusMillis(user));
        }
        assertThat(coalescer.takeDue(START.plusSeconds(9), 2)).containsExactly(1L, 2L);
        assertThat(coalescer.takeDue(START.plusSeconds(9), 9)).containsExactly(3L, 4L, 5L);
    }
}
