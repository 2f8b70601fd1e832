package dev.guildcast.session.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Metrics of gateways' streams. Safe for use from any thread.
final class LinkMetrics {
    private final MeterRegistry registry;
    private final Counter deadlines;
    private final Counter overflows;
    private final Counter unread;

    LinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.deadlines = Counter.builder("guildcast.session.link.deadlines")
                .description("Streams ended because nothing came from their gateway for session.link.dead-after")
                .register(registry);
        this.overflows = Counter.builder("guildcast.session.link.overflows")
                .description("Requests of gateways answered by Retry because too many bytes wait for the shard's loop")
                .register(registry);
        this.unread = Counter.builder("guildcast.session.link.unread")
                .description("Streams ended because their gateway did not read the replies to its requests")
                .register(registry);
    }

    /// Registers the gauge of the longest silence.
    ///
    /// @param silenceNanos of the gateway that was heard from least recently; 0 when there is none
    void registerSilence(LongSupplier silenceNanos) {
        TimeGauge.builder("guildcast.session.link.silence", silenceNanos::getAsLong, TimeUnit.NANOSECONDS)
                .description("Time since anything came from the connected gateway that is silent for the longest time")
                .strongReference(true)
                .register(registry);
    }

    void deadline() {
        deadlines.increment();
    }

    void overflow() {
        overflows.increment();
    }

    void unread() {
        unread.increment();
    }
}
