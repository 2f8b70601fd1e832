package dev.guildcast.voiceserver.control;

import dev.guildcast.voiceserver.room.NewParticipant;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.util.concurrent.CompletableFuture;

/// Commands about rooms, carried out one after the other in the order in which they were given.
///
/// A room is held under an epoch, which rises each time its place is decided anew. An order under a lower epoch than
/// the room's changes nothing ([RoomOutcome#FENCED]), so that a room that has moved elsewhere cannot be kept alive here
/// by somebody who has not learnt of it.
///
/// Futures complete on the media loop: whoever continues with more than a few instructions does so elsewhere. They
/// complete at once with [RoomOutcome#BUSY] or [RoomOutcome#CLOSED] when the loop takes no order, and exceptionally
/// only for a bug.
public interface RoomControl {
    /// Opens the room; under a higher epoch than before it starts empty.
    CompletableFuture<RoomOutcome> open(long room, long epoch);

    /// Lets a user in, or replaces it. The key passes to the room whatever the outcome.
    CompletableFuture<RoomOutcome> join(long room, long epoch, NewParticipant participant);

    /// From the next packet on.
    CompletableFuture<RoomOutcome> update(long room, long epoch, long user, VoiceFlags flags);

    /// Cuts the user off and destroys its key.
    CompletableFuture<RoomOutcome> leave(long room, long epoch, long user);

    /// Cuts everybody in it off.
    CompletableFuture<RoomOutcome> close(long room, long epoch);
}
