package dev.guildcast.gateway.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalIdentifyLimiterTest extends IdentifyLimiterContract {
    private final LocalIdentifyLimiter limiter =
            new LocalIdentifyLimiter(new LocalLimits(1000, System::currentTimeMillis), FIGURES);

    @Override
    IdentifyLimiter limiter() {
        return limiter;
    }

    @Test
    void remembersNoMoreThanItMay() {
        var clock = new AtomicLong();
        var limits = new LocalLimits(2, clock::get);
        limits.count("a", 1000);
        limits.count("b", 1000);
        limits.count("c", 1000);
        assertThat(limits.used("a")).isZero();
        assertThat(limits.used("c")).isEqualTo(1);
        clock.set(1000);
        assertThat(limits.used("c")).isZero();
        assertThat(limits.leftMillis("c")).isZero();
    }

    @Test
    void limitsAddressesByTheSameCounters() {
        var clock = new AtomicLong();
        var addresses = new LocalAddressLimiter(
                new LocalLimits(10, clock::get), new AddressProperties(2, Duration.ofSeconds(60)));
        assertThat(addresses.tryConnect("1").block()).isEmpty();
        assertThat(addresses.tryConnect("1").block()).isEmpty();
        clock.set(10_000);
        assertThat(addresses.tryConnect("1").block()).contains(Duration.ofSeconds(50));
        assertThat(addresses.tryConnect("2").block()).isEmpty();
        clock.set(60_000);
        assertThat(addresses.tryConnect("1").block()).isEmpty();
    }
}
