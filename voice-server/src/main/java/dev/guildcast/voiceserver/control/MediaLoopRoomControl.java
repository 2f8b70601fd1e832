package dev.guildcast.voiceserver.control;

import dev.guildcast.voiceserver.room.NewParticipant;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.Rooms;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Room control in the process of the media loop.
public final class MediaLoopRoomControl implements RoomControl {
    private final Rooms rooms;
    private final MediaExecutor loop;

    public MediaLoopRoomControl(Rooms rooms, MediaExecutor loop) {
        this.rooms = rooms;
        this.loop = loop;
    }

    @Override
    public CompletableFuture<RoomOutcome> open(long room, long epoch) {
        return order(() -> rooms.open(room, epoch));
    }

    @Override
    public CompletableFuture<RoomOutcome> join(long room, long epoch, NewParticipant participant) {
        var outcome = order(() -> rooms.join(room, epoch, participant));
        // The room destroys the key itself; what never gets there is destroyed here.
        return outcome.whenComplete((done, bug) -> participant.key().destroy());
    }

    @Override
    public CompletableFuture<RoomOutcome> update(long room, long epoch, long user, VoiceFlags flags) {
        return order(() -> rooms.update(room, epoch, user, flags));
    }

    @Override
    public CompletableFuture<RoomOutcome> leave(long room, long epoch, long user) {
        return order(() -> rooms.leave(room, epoch, user));
    }

    @Override
    public CompletableFuture<RoomOutcome> close(long room, long epoch) {
        return order(() -> rooms.close(room, epoch));
    }

    private CompletableFuture<RoomOutcome> order(Supplier<RoomOutcome> change) {
        var outcome = new CompletableFuture<RoomOutcome>();
        var offer = loop.offer(new MediaExecutor.Task() {
            @Override
            public void run() {
                try {
                    outcome.complete(change.get());
                } catch (RuntimeException bug) {
                    outcome.completeExceptionally(bug);
                    throw bug;
                }
            }

            @Override
            public void onClosed() {
                outcome.complete(RoomOutcome.CLOSED);
            }
        });
        switch (offer) {
            case ACCEPTED -> {}
            case FULL -> outcome.complete(RoomOutcome.BUSY);
            case CLOSED -> outcome.complete(RoomOutcome.CLOSED);
        }
        return outcome;
    }
}
