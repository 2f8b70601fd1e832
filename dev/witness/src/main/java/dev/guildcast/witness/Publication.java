package dev.guildcast.witness;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One event that was published, and when.
///
/// An event's place in its scope's log lies between the moment it was first sent and the moment it was acknowledged; of
/// two events of one publisher the one with the lower sequence comes first, since publishers wait for the answer before
/// they send on.
///
/// @param publisher who sent it
/// @param sequence the publisher's count, from 1
/// @param scope what is ordered by itself: a guild's id, or the channel of direct messages
/// @param guildId empty for direct messages
/// @param type the dispatch name
/// @param body what clients should get as `d`; not to be changed
/// @param users whom an event without a guild is for
/// @param sentNanos when it was first sent
/// @param ackedNanos when it was known to stand in its log; [#NEVER] if that is not known, as for the JSON topic
/// @param outcome what the ingress said
public record Publication(
        String publisher,
        long sequence,
        String scope,
        String guildId,
        String type,
        ObjectNode body,
        List<String> users,
        long sentNanos,
        long ackedNanos,
        Outcome outcome) {
    public static final long NEVER = Long.MAX_VALUE;

    /// The key that marks a body, so that each event can be told from all others. Backends may put any key there.
    public static final String MARK = "witness";

    public enum Outcome {
        ACCEPTED,
        REFUSED,
        /// No answer came, or the run ended before it: clients may or may not get it.
        UNKNOWN
    }

    /// Unique in a run.
    public String mark() {
        return mark(publisher, sequence);
    }

    public static String mark(String publisher, long sequence) {
        return publisher + "#" + sequence;
    }

    /// Whether it surely stands before the other in the log they share.
    public boolean before(Publication other) {
        return publisher.equals(other.publisher) ? sequence < other.sequence : ackedNanos <= other.sentNanos;
    }
}
