package dev.guildcast.fanout.delivery;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.fanout.presence.PresenceCache;
import dev.guildcast.fanout.presence.PresenceSnapshot;
import dev.guildcast.fanout.publication.PublicationDeduplicator;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.RecordContext;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Decides which events of the ephemeral lane are delivered.
///
/// The runtime serves the lane after the durable log. Presences are cached whoever receives them; a typing event that
/// waited too long is dropped, and an event of a channel that no longer exists is not emitted.
///
/// Publishers are deduplicated here too, but only by the owner that read the first of the records: a new owner reads
/// the last 10 s of the lane again, and knows what was published in them.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** as [PublicationDeduplicator].
public final class EphemeralLane {
    private final InstantSource clock;
    /// The log's time minus the clock's, by the record that was read soonest after its append: so the age of a record
    /// depends on no wall clock but that of the brokers.
    private long logTimeOffsetMillis = Long.MIN_VALUE;
    private final Duration typingAgeMax;
    private final FanoutCounters counters;
    // Not in the checkpoint, so changed windows need not be reported.
    private final PublicationDeduplicator deduplicator = new PublicationDeduplicator(changed -> {});

    /// @param clock monotonic
    /// @param typingAgeMax time since the append above which typing is dropped
    public EphemeralLane(InstantSource clock, Duration typingAgeMax, FanoutCounters counters) {
        this.clock = clock;
        this.typingAgeMax = typingAgeMax;
        this.counters = counters;
    }

    /// A record of the log or of the lane was read.
    public void onRecord(long timestampMillis) {
        logTimeOffsetMillis = Math.max(logTimeOffsetMillis, timestampMillis - clock.millis());
    }

    /// Whether the event is delivered; a presence is cached either way.
    ///
    /// @throws RecordRejectedException if its publication or presence is malformed, or the publication is older
    ///     than its publisher's window
    public boolean admits(GuildEvent event, RecordContext at, GuildView view, PresenceCache presences) {
        if (event.hasPublication() && !isNew(event.getPublication(), at)) {
            return false;
        }
        if (event.getType().equals("PRESENCE_UPDATE")) {
            PresenceSnapshot.OfUser snapshot =
                    PresenceSnapshot.parse(event.getPayload().toByteArray());
            if (snapshot == null) {
                throw new RecordRejectedException("presence is malformed");
            }
            if (view.member(snapshot.user()) == null) {
                return false; // The user has left; its presence was on its way.
            }
            presences.put(snapshot.user(), snapshot.presence());
        }
        onRecord(at.timestampMillis());
        long ageMillis = clock.millis() + logTimeOffsetMillis - at.timestampMillis();
        if (event.getPriority() == Priority.TYPING && ageMillis > typingAgeMax.toMillis()) {
            counters.onTypingDropped();
            return false;
        }
        return true;
    }

    /// Key by which presences of one user in one guild are conflated: each one to all replaces the one before.
    public @Nullable Object conflationKey(GuildEvent event) {
        return event.getPriority() == Priority.PRESENCE && event.hasMembers() && event.getExcludedUsersCount() == 1
                ? new Subject(event.getGuildId(), event.getExcludedUsers(0))
                : null;
    }

    private record Subject(long guild, long user) {}

    /// A newer event replaced this one; its publication is still recorded so that a duplicate is dropped too.
    public void skip(GuildEvent event, RecordContext at) {
        if (event.hasPublication()) {
            var unused = deduplicator.accept(event.getPublication(), at.offset(), at.timestampMillis());
        }
    }

    private boolean isNew(Publication publication, RecordContext at) {
        return switch (deduplicator.accept(publication, at.offset(), at.timestampMillis())) {
            case NEW -> true;
            case DUPLICATE -> {
                counters.onDuplicatePublication();
                yield false;
            }
            case TOO_OLD -> throw new RecordRejectedException("publication is older than its publisher's window");
        };
    }
}
