package dev.guildcast.voice.signaling;

import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The metrics of voice signaling; no user, guild or session is in a tag.
final class VoiceMetrics {
    private final MeterRegistry registry;
    private final Counter guildsMoved;
    private final Counter serversDied;
    private final Counter storeCallsFailed;
    private final Counter updatesFailed;
    private final Counter commandsDropped;

    VoiceMetrics(MeterRegistry registry) {
        this.registry = registry;
        guildsMoved = registry.counter("guildcast.voice.guilds.moved");
        serversDied = registry.counter("guildcast.voice.servers.died");
        storeCallsFailed = registry.counter("guildcast.voice.store.refused");
        updatesFailed = registry.counter("guildcast.voice.updates", "verdict", "failed");
        commandsDropped = registry.counter("guildcast.voice.commands.dropped");
    }

    <T> void registerGauge(String name, T subject, ToDoubleFunction<T> value) {
        Gauge.builder("guildcast.voice." + name, subject, value)
                .strongReference(true)
                .register(registry);
    }

    void updateAnswered(Verdict verdict) {
        registry.counter("guildcast.voice.updates", "verdict", verdict.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void updateFailed() {
        updatesFailed.increment();
    }

    void guildMoved() {
        guildsMoved.increment();
    }

    void serverDied() {
        serversDied.increment();
    }

    void storeCallFailed() {
        storeCallsFailed.increment();
    }

    void commandDropped() {
        commandsDropped.increment();
    }
}
