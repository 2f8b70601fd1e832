package dev.guildcast.voice.signaling;

import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The figures of voice signaling; no user, guild or session stands in a tag.
final class VoiceMetrics {
    private final MeterRegistry registry;
    private final Counter moved;
    private final Counter serversDied;
    private final Counter storeRefused;
    private final Counter failed;
    private final Counter ordersDropped;

    VoiceMetrics(MeterRegistry registry) {
        this.registry = registry;
        moved = registry.counter("guildcast.voice.guilds.moved");
        serversDied = registry.counter("guildcast.voice.servers.died");
        storeRefused = registry.counter("guildcast.voice.store.refused");
        failed = registry.counter("guildcast.voice.updates", "verdict", "failed");
        ordersDropped = registry.counter("guildcast.voice.orders.dropped");
    }

    <T> void watch(String name, T subject, ToDoubleFunction<T> figure) {
        Gauge.builder("guildcast.voice." + name, subject, figure).register(registry);
    }

    void answered(Verdict verdict) {
        registry.counter("guildcast.voice.updates", "verdict", verdict.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void failed() {
        failed.increment();
    }

    void moved() {
        moved.increment();
    }

    void serverDied() {
        serversDied.increment();
    }

    void storeRefused() {
        storeRefused.increment();
    }

    void ordersDropped() {
        ordersDropped.increment();
    }
}
