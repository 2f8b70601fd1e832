package dev.guildcast.witness.verdict;

import dev.guildcast.witness.PublishedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A part of a client's stream in which one guild was available to it, or in which its session existed (for direct
/// messages; the guild is empty then).
///
/// What the client received in it must be without a gap: it may start late, because GUILD_CREATE may already have
/// contained the effect of an event, and it may end early when the session ended.
final class StreamSegment {
    enum SegmentEnd {
        /// Not ended.
        OPEN,
        /// GUILD_DELETE without `unavailable`.
        LEFT,
        /// GUILD_DELETE with `unavailable`.
        OUTAGE,
        /// Another session started.
        SESSION
    }

    /// A dispatch and the publication that caused it.
    ///
    /// @param position in the stream
    record Match(int position, PublishedEvent cause, JsonNode body) {}

    final String guildId;
    final int session;
    final long fromNanos;
    /// Channels and threads known to the client so far.
    final Set<String> channels = new HashSet<>();
    /// Channels contained in GUILD_CREATE.
    final Set<String> channelsAtCreate = new HashSet<>();
    final List<Match> matches = new ArrayList<>();
    /// Positions of dispatches that are matched by their channel, by type and channel.
    final Map<String, List<Integer>> byChannel = new HashMap<>();
    SegmentEnd end = SegmentEnd.OPEN;
    /// Index of the user's membership in the guild, from 1; always 1 for direct messages.
    int membershipIndex = 1;

    private final Map<String, Long> lowest = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private long earliestAcked = PublishedEvent.NEVER;
    private long latestSent = Long.MIN_VALUE;

    StreamSegment(String guildId, int session, long fromNanos) {
        this.guildId = guildId;
        this.session = session;
        this.fromNanos = fromNanos;
    }

    /// Records that a dispatch of this publication was received in this segment.
    void addReceived(PublishedEvent cause) {
        lowest.merge(cause.publisher(), cause.sequence(), Math::min);
        highest.merge(cause.publisher(), cause.sequence(), Math::max);
        earliestAcked = Math.min(earliestAcked, cause.ackedNanos());
        latestSent = Math.max(latestSent, cause.sentNanos());
    }

    /// Whether an event of this membership had to be received in this segment.
    boolean requires(PublishedEvent event) {
        return afterItsStart(event) && beforeItsEnd(event);
    }

    private boolean afterItsStart(PublishedEvent event) {
        return event.sentNanos() > fromNanos
                || event.sequence() > lowest.getOrDefault(event.publisher(), Long.MAX_VALUE)
                || earliestAcked <= event.sentNanos();
    }

    private boolean beforeItsEnd(PublishedEvent event) {
        return end == SegmentEnd.OPEN
                || end == SegmentEnd.LEFT
                || event.sequence() < highest.getOrDefault(event.publisher(), Long.MIN_VALUE)
                || event.ackedNanos() <= latestSent;
    }
}
