package dev.guildcast.witness;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One event that was published, and when.
///
/// An event is appended to its scope's log between the moment it was first sent and the moment it was acknowledged. Of
/// two events of one publisher the one with the lower sequence comes first, since a publisher waits for each
/// acknowledgement before it sends the next events.
///
/// @param publisher name of the sender
/// @param sequence of the publisher, from 1
/// @param scope unit of ordering: a guild's id, or the channel of direct messages
/// @param guildId empty for direct messages
/// @param type the dispatch name
/// @param body what clients should receive as `d`; must not be modified
/// @param users recipients of an event without a guild
/// @param sentNanos when it was first sent
/// @param ackedNanos when it was known to be appended; [#NEVER] if that is unknown, as for the JSON topic
/// @param outcome the response of ingress
public record PublishedEvent(
        String publisher,
        long sequence,
        String scope,
        String guildId,
        String type,
        ObjectNode body,
        List<String> users,
        long sentNanos,
        long ackedNanos,
        IngressOutcome outcome) {
    /// Later than every moment of a run.
    public static final long NEVER = Long.MAX_VALUE;

    /// The key of the marker in a body that identifies the event. Backends may add any key to a body.
    public static final String MARK = "witness";

    public enum IngressOutcome {
        ACCEPTED,
        REJECTED,
        /// No response arrived, or the run ended before it: clients may or may not receive it.
        UNKNOWN
    }

    /// Unique in a run.
    public String mark() {
        return mark(publisher, sequence);
    }

    public static String mark(String publisher, long sequence) {
        return publisher + "#" + sequence;
    }

    /// Whether it certainly precedes the other in their common log.
    public boolean precedes(PublishedEvent other) {
        return publisher.equals(other.publisher) ? sequence < other.sequence : ackedNanos <= other.sentNanos;
    }
}
