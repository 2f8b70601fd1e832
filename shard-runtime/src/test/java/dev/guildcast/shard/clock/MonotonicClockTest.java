package dev.guildcast.shard.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {
    @Test
    void countsFromItsCreationAlsoWhenTheCounterOverflows() {
        var nanos = new AtomicLong(Long.MAX_VALUE - 5);
        var clock = new MonotonicClock(nanos::get);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(1)));
    }
}
