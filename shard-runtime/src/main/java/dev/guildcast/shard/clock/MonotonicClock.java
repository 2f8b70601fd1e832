package dev.guildcast.shard.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/// The time since this clock was created, counted from 1970: for leases, limits and everything else that must not end
/// early, or live on, because somebody set the machine's clock.
///
/// Its instants mean nothing outside this process: they are neither shown, nor stored, nor compared with those of
/// another.
public final class MonotonicClock extends Clock {
    private final LongSupplier nanoTime;
    private final long startNanos;

    public MonotonicClock() {
        this(System::nanoTime);
    }

    MonotonicClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - startNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
