package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A stretch of a client's stream in which one guild was available to it, or in which its session lived (for direct
/// messages; the guild is empty then).
///
/// What the client got in it has to be without a hole: it may start late, because an event may already have been in the
/// guild as GUILD_CREATE showed it, and it may end early when the session ended.
final class Segment {
    enum End {
        /// Still going on.
        OPEN,
        /// GUILD_DELETE without `unavailable`.
        LEFT,
        /// GUILD_DELETE with it.
        OUTAGE,
        /// Another session began.
        SESSION
    }

    /// A dispatch and the publication that caused it.
    ///
    /// @param position in the stream
    record Match(int position, Publication cause, JsonNode body) {}

    final String guildId;
    final int session;
    final long fromNanos;
    /// Channels and threads that the client knows of, as the stream goes on.
    final Set<String> channels = new HashSet<>();
    /// Channels that GUILD_CREATE showed.
    final Set<String> created = new HashSet<>();
    final List<Match> matches = new ArrayList<>();
    /// Positions of dispatches that are known by their channel, by type and channel.
    final Map<String, List<Integer>> byChannel = new HashMap<>();
    End end = End.OPEN;
    /// Which of the user's stays in the guild this is, from 1; of direct messages always 1.
    int stint = 1;

    private final Map<String, Long> lowest = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private long earliestAcked = Publication.NEVER;
    private long latestSent = Long.MIN_VALUE;

    Segment(String guildId, int session, long fromNanos) {
        this.guildId = guildId;
        this.session = session;
        this.fromNanos = fromNanos;
    }

    /// Says that what this publication caused came in here.
    void cover(Publication cause) {
        lowest.merge(cause.publisher(), cause.sequence(), Math::min);
        highest.merge(cause.publisher(), cause.sequence(), Math::max);
        earliestAcked = Math.min(earliestAcked, cause.ackedNanos());
        latestSent = Math.max(latestSent, cause.sentNanos());
    }

    /// Whether an event that belongs to this stay had to come in here.
    boolean requires(Publication event) {
        return afterItsStart(event) && beforeItsEnd(event);
    }

    private boolean afterItsStart(Publication event) {
        return event.sentNanos() > fromNanos
                || event.sequence() > lowest.getOrDefault(event.publisher(), Long.MAX_VALUE)
                || earliestAcked <= event.sentNanos();
    }

    private boolean beforeItsEnd(Publication event) {
        return end == End.OPEN
                || end == End.LEFT
                || event.sequence() < highest.getOrDefault(event.publisher(), Long.MIN_VALUE)
                || event.ackedNanos() <= latestSent;
    }
}
