package dev.guildcast.gateway.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// What every limiter of session starts does, here with figures of 300 ms and 3 starts.
abstract class IdentifyLimiterContract {
    static final IdentifyProperties FIGURES =
            new IdentifyProperties(Duration.ofSeconds(60), 2, Duration.ofMillis(300), 3, Duration.ofSeconds(60), 1);
    private final long user = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    abstract IdentifyLimiter limiter();

    @Test
    void givesABucketToOneStartInAWindow() {
        assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED);
        assertThat(start(user, 0))
                .isInstanceOfSatisfying(
                        IdentifyLimiter.Verdict.Wait.class,
                        wait -> assertThat(wait.time()).isBetween(Duration.ofMillis(1), Duration.ofMillis(300)));
        await().pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED));
    }

    @Test
    void keepsBucketsAndUsersApart() {
        assertThat(start(user, 0)).isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED);
        assertThat(start(user, 1)).isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED);
        assertThat(start(user + 1, 0)).isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED);
    }

    @Test
    void countsStartsOfTheDayAndNotTheOnesItHeldBack() {
        assertThat(allowance(user)).isEqualTo(new IdentifyLimiter.Allowance(3, 3, Duration.ZERO));
        start(user, 0);
        start(user, 0);
        assertThat(allowance(user).remaining()).isEqualTo(2);
        assertThat(allowance(user).resetAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        start(user, 1);
        start(user, 2);
        assertThat(start(user, 3)).isInstanceOf(IdentifyLimiter.Verdict.Exhausted.class);
        assertThat(allowance(user).remaining()).isZero();
    }

    @Test
    void countsNoStartsOfUsersThatHaveNoLimit() {
        for (int bucket = 0; bucket < 10; bucket++) {
            assertThat(Objects.requireNonNull(
                            limiter().tryStart(user, bucket, false).block()))
                    .isEqualTo(IdentifyLimiter.Verdict.Granted.GRANTED);
        }
        assertThat(allowance(user).remaining()).isEqualTo(3);
    }

    private IdentifyLimiter.Verdict start(long userId, int bucket) {
        return Objects.requireNonNull(limiter().tryStart(userId, bucket, true).block());
    }

    private IdentifyLimiter.Allowance allowance(long userId) {
        return Objects.requireNonNull(limiter().allowance(userId).block());
    }
}
