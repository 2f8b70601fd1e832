package dev.guildcast.fanout.delivery;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Publishers;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.shard.RecordContext;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What of the droppable lane is still worth telling.
///
/// The runtime serves it after the durable log. Presences are remembered whoever is told; a typing notice that waited
/// too long is dropped, and so is whatever belongs to a channel that is gone.
///
/// A publisher's repeats are known here too, but only to the owner that read the first of them: who takes over reads
/// the last 10 s of the lane again, and knows what was published in them.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** as [Publishers].
public final class EphemeralLane {
    private final InstantSource clock;
    private final Duration typingAgeMax;
    private final Tally tally;
    // In no checkpoint: nobody asks what changed.
    private final Publishers publishers = new Publishers(changed -> {});

    /// @param typingAgeMax time since the append above which typing is dropped
    public EphemeralLane(InstantSource clock, Duration typingAgeMax, Tally tally) {
        this.clock = clock;
        this.typingAgeMax = typingAgeMax;
        this.tally = tally;
    }

    /// Whether the event is to be told; a presence is remembered either way.
    ///
    /// @throws Refused if its publication is malformed, or older than its publisher's window
    public boolean admits(GuildEvent event, RecordContext at, GuildView view, PresenceView presences) {
        if (event.hasPublication() && !fresh(event.getPublication(), at.offset())) {
            return false;
        }
        if (event.getType().equals("PRESENCE_UPDATE")) {
            KnownPresence.OfUser known = KnownPresence.read(event.getPayload().toByteArray());
            if (known == null || view.member(known.user()) == null) {
                return false;
            }
            presences.remember(known.user(), known.presence());
        }
        if (event.getPriority() == Priority.TYPING && clock.millis() - at.timestampMillis() > typingAgeMax.toMillis()) {
            tally.onTypingDropped();
            return false;
        }
        return true;
    }

    /// Presences of one user in one guild, told to all who may see them, are each newer than the one before.
    public @Nullable Object key(GuildEvent event) {
        return event.getPriority() == Priority.PRESENCE && event.hasMembers() && event.getExcludedUsersCount() == 1
                ? new Subject(event.getGuildId(), event.getExcludedUsers(0))
                : null;
    }

    private record Subject(long guild, long user) {}

    /// The event is not told, for a newer one is; its own repeat must not be told either.
    public void skip(GuildEvent event, RecordContext at) {
        if (event.hasPublication()) {
            publishers.accept(event.getPublication(), at.offset());
        }
    }

    private boolean fresh(Publication publication, long offset) {
        return switch (publishers.accept(publication, offset)) {
            case FRESH -> true;
            case REPEAT -> {
                tally.onPublisherRepeat();
                yield false;
            }
            case TOO_OLD -> throw new Refused("publication is older than its publisher's window");
        };
    }
}
