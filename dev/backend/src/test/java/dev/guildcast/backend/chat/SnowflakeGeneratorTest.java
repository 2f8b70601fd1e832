package dev.guildcast.backend.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SnowflakeGeneratorTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-05T10:00:00.123Z"));
    private final SnowflakeGenerator ids = new SnowflakeGenerator(now::get);

    @Test
    void carryTheTimeAndRise() {
        long first = ids.next();
        assertThat((first >>> 22) + 1_420_070_400_000L).isEqualTo(now.get().toEpochMilli());
        assertThat(ids.next()).isEqualTo(first + 1);
    }

    @Test
    void riseAlsoWhenTheClockStepsBack() {
        long first = ids.next();
        now.set(now.get().minusSeconds(60));
        assertThat(ids.next()).isGreaterThan(first);
    }

    @Test
    void timesAreWrittenWithMicrosecondsAndAnOffset() {
        assertThat(Timestamps.format(now.get())).isEqualTo("2026-01-05T10:00:00.123000+00:00");
    }
}
