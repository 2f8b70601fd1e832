package dev.guildcast.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// The contract of every [IdentifyLimiter], tested with a window of 300 ms and 3 starts.
abstract class IdentifyLimiterContract {
    static final IdentifyProperties PROPERTIES = new IdentifyProperties(
            Duration.ofSeconds(60), 2, Duration.ofMillis(300), 3, Duration.ofSeconds(60), 1, java.util.Map.of());
    private final long user = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    abstract IdentifyLimiter limiter();

    @Test
    void grantsABucketToOneStartPerWindow() {
        assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
        assertThat(start(user, 0))
                .isInstanceOfSatisfying(
                        IdentifyLimiter.StartDecision.BucketBusy.class,
                        busy -> assertThat(busy.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMillis(300)));
        await().pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () -> assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED));
    }

    @Test
    void limitsEachBucketAndUserSeparately() {
        assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
        assertThat(start(user, 1)).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
        assertThat(start(user + 1, 0)).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
    }

    @Test
    void countsGrantedStartsAgainstTheDayOnly() {
        assertThat(sessionStartLimit(user)).isEqualTo(new IdentifyLimiter.SessionStartLimit(3, 3, Duration.ZERO));
        start(user, 0);
        start(user, 0);
        assertThat(sessionStartLimit(user).remaining()).isEqualTo(2);
        assertThat(sessionStartLimit(user).resetAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        start(user, 1);
        start(user, 2);
        assertThat(start(user, 3)).isInstanceOf(IdentifyLimiter.StartDecision.Exhausted.class);
        assertThat(sessionStartLimit(user).remaining()).isZero();
    }

    @Test
    void doesNotCountStartsOfUnlimitedUsers() {
        for (int bucket = 0; bucket < 10; bucket++) {
            assertThat(Objects.requireNonNull(
                            limiter().tryStart(user, bucket, false).block()))
                    .isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
        }
        assertThat(sessionStartLimit(user).remaining()).isEqualTo(3);
    }

    private IdentifyLimiter.StartDecision start(long userId, int bucket) {
        return Objects.requireNonNull(limiter().tryStart(userId, bucket, true).block());
    }

    private IdentifyLimiter.SessionStartLimit sessionStartLimit(long userId) {
        return Objects.requireNonNull(limiter().sessionStartLimit(userId).block());
    }
}
