package dev.guildcast.voiceserver.control;

import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.room.Rooms;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// The probe of the media loop in this process.
public final class LoopLivenessProbe implements LivenessProbe {
    private final MediaExecutor loop;
    private final Rooms rooms;
    private final LoadShedder shedder;
    private final LongSupplier nanoTime;

    public LoopLivenessProbe(MediaExecutor loop, Rooms rooms, LoadShedder shedder, LongSupplier nanoTime) {
        this.loop = loop;
        this.rooms = rooms;
        this.shedder = shedder;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletableFuture<MediaLoopStatus> ping() {
        var pulse = new CompletableFuture<MediaLoopStatus>();
        var offer = loop.offerUrgent(new MediaExecutor.Task() {
            @Override
            public void run() {
                pulse.complete(new MediaLoopStatus(
                        nanoTime.getAsLong(),
                        shedder.busyShare(),
                        shedder.level(),
                        rooms.roomCount(),
                        rooms.participantCount()));
            }

            @Override
            public void onClosed() {
                pulse.completeExceptionally(new IllegalStateException("the media loop has ended"));
            }
        });
        if (offer != MediaExecutor.Offer.ACCEPTED) {
            pulse.completeExceptionally(new IllegalStateException("the media loop accepts no probes: " + offer));
        }
        return pulse;
    }
}
