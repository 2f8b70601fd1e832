package dev.guildcast.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalIdentifyLimiterTest extends IdentifyLimiterContract {
    private final LocalIdentifyLimiter limiter =
            new LocalIdentifyLimiter(new ExpiringCounters(1000, System::currentTimeMillis), PROPERTIES);

    @Override
    IdentifyLimiter limiter() {
        return limiter;
    }

    @Test
    void printsIdsAsUnsigned() {
        var counters = new ExpiringCounters(10, System::currentTimeMillis);
        new LocalIdentifyLimiter(counters, PROPERTIES).tryStart(-1, 0, true).block();
        assertThat(counters.value("18446744073709551615:0")).isEqualTo(1);
        assertThat(counters.value("starts:18446744073709551615")).isEqualTo(1);
    }

    @Test
    void evictsTheLeastRecentlyUsedCounter() {
        var wallMillis = new AtomicLong();
        var counters = new ExpiringCounters(2, wallMillis::get);
        counters.increment("a", 1000);
        counters.increment("b", 1000);
        counters.increment("c", 1000);
        assertThat(counters.value("a")).isZero();
        assertThat(counters.value("c")).isEqualTo(1);
        wallMillis.set(1000);
        assertThat(counters.value("c")).isZero();
        assertThat(counters.remainingMillis("c")).isZero();
    }

    @Test
    void limitsAddressesWithTheSameCounters() {
        var wallMillis = new AtomicLong();
        var addresses = new LocalAddressLimiter(
                new ExpiringCounters(10, wallMillis::get), new AddressProperties(2, Duration.ofSeconds(60)));
        assertThat(addresses.tryConnect("1").block()).isEmpty();
        assertThat(addresses.tryConnect("1").block()).isEmpty();
        wallMillis.set(10_000);
        assertThat(addresses.tryConnect("1").block()).contains(Duration.ofSeconds(50));
        assertThat(addresses.tryConnect("2").block()).isEmpty();
        wallMillis.set(60_000);
        assertThat(addresses.tryConnect("1").block()).isEmpty();
    }
}
