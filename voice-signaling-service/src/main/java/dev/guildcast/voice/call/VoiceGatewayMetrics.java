package dev.guildcast.voice.call;

import dev.guildcast.voice.protocol.VoiceCloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/// The metrics of the voice gateway; no user, guild or session is in a tag.
public final class VoiceGatewayMetrics {
    private final MeterRegistry registry;
    private final Counter identified;
    private final Counter resumed;

    public VoiceGatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
        identified = registry.counter("guildcast.voice.gateway.sessions.identified");
        resumed = registry.counter("guildcast.voice.gateway.sessions.resumed");
    }

    /// Read from other threads: the values may lag behind the loop.
    void register(Collection<VoiceConnection> connections, VoiceSessions sessions) {
        Gauge.builder("guildcast.voice.gateway.connections", connections, Collection::size)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.voice.gateway.sessions", sessions, VoiceSessions::count)
                .strongReference(true)
                .register(registry);
    }

    void onIdentified() {
        identified.increment();
    }

    void onResumed() {
        resumed.increment();
    }

    void onClosed(VoiceCloseCode code) {
        registry.counter("guildcast.voice.gateway.closes", "code", Integer.toString(code.code()))
                .increment();
    }
}
