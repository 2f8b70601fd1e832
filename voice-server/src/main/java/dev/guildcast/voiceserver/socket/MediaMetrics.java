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
                    .description("datagrams that came in, whatever became of them")
                    .tag("type", type.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (Dropped reason : Dropped.values()) {
            FunctionCounter.builder(
                            "guildcast.voice.media.dropped",
                            counts,
                            all -> all.dropped().of(reason))
                    .description("datagrams not passed on, and copies of them not sent")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("guildcast.voice.media.received.volume", counts, RelayCounts::receivedBytes)
                .description("bytes of the datagrams that came in")
                .baseUnit(BYTES)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.sent", counts, RelayCounts::sent)
                .description("datagrams handed to the kernel")
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.sent.volume", counts, RelayCounts::sentBytes)
                .description("bytes of the datagrams handed to the kernel")
                .baseUnit(BYTES)
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.rebound", counts, RelayCounts::rebound)
                .description("times that a participant proved an address other than the one before")
                .register(registry);
        FunctionCounter.builder("guildcast.voice.media.failures", loop, MediaLoop::failures)
                .description("packets and commands that failed by a bug")
                .register(registry);
        gauges(registry);
    }

    private void gauges(MeterRegistry registry) {
        Gauge.builder("guildcast.voice.media.rooms", rooms, Rooms::roomCount)
                .description("rooms that are open")
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.voice.media.participants", rooms, Rooms::participantCount)
                .description("participants in all rooms, each with a key")
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.voice.media.commands.waiting", loop, MediaLoop::commandsWaiting)
                .description("commands that the media loop has not executed yet")
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.voice.media.loop.busy", shedder, LoadShedder::busyShare)
                .description("share of its time that the media loop was not waiting for packets")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "guildcast.voice.media.loop.level",
                        shedder,
                        each -> each.level().ordinal())
                .description("0: all is forwarded, 1: without video, 2: voice only")
                .strongReference(true)
                .register(registry);
    }
}
