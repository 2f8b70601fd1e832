package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.relay.Dropped;
import dev.guildcast.voiceserver.relay.RelayCounts;
import dev.guildcast.voiceserver.room.Rooms;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/// The figures of the media plane, read where the loop counts them; no user, room or address stands in a tag.
final class MediaMetrics implements MeterBinder {
    private static final String BYTES = "bytes";

    private final RelayCounts counts;
    private final MediaLoop loop;
    private final Rooms rooms;
    private final LoadShedder shedder;

    MediaMetrics(RelayCounts counts, MediaLoop loop, Rooms rooms, LoadShedder shedder) {
        this.counts = counts;
        this.loop = loop;
        this.rooms = rooms;
        this.shedder = shedder;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PacketType type : PacketType.values()) {
            FunctionCounter.builder(
                            "guildcast.voice.media.received",
                            counts,
                            all -> all.received().of(type))
                    .tag("type", type.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (Dropped reason : Dropped.values()) {
            FunctionCounter.builder(
                            "guildcast.voice.media.dropped",
                            counts,
                            all -> all.dropped().of(reason))
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("guildcast.voice.media.received.volume", counts, RelayCounts::receivedBytes)
                .baseUnit(BYTES)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.sent", counts, RelayCounts::sent)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.sent.volume", counts, RelayCounts::sentBytes)
                .baseUnit(BYTES)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.rebound", counts, RelayCounts::rebound)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.failures", loop, MediaLoop::failures)
                .register(registry);
        Gauge.builder("guildcast.voice.media.rooms", rooms, Rooms::roomCount).register(registry);
        Gauge.builder("guildcast.voice.media.participants", rooms, Rooms::participantCount)
                .register(registry);
        Gauge.builder("guildcast.voice.media.orders.waiting", loop, MediaLoop::ordersWaiting)
                .register(registry);
        Gauge.builder("guildcast.voice.media.loop.busy", shedder, LoadShedder::busyShare)
                .register(registry);
        Gauge.builder(
                        "guildcast.voice.media.loop.level",
                        shedder,
                        each -> each.level().ordinal())
                .register(registry);
    }
}
