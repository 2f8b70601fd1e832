package dev.guildcast.witness.model;

import dev.guildcast.witness.PublishedEvent;
import tools.jackson.databind.JsonNode;

/// One dispatch that a client must or may receive because of a publication.
///
/// @param cause the publication
/// @param type the dispatch name, which differs from the cause's where a channel becomes visible or hidden
/// @param subject identifies the dispatch among those of its type: the body's mark, or the channel's id
/// @param certain false if it depends on an unknown order, or if the event may be dropped
/// @param body its expected content; [ExpectedBody#UNCHECKED] where the suite creates the payload itself
/// @param firstMembership the first of the user's memberships in which it may arrive; counted from 1
/// @param lastMembership the last such membership
public record ExpectedDispatch(
        PublishedEvent cause,
        String type,
        String subject,
        boolean certain,
        ExpectedBody body,
        int firstMembership,
        int lastMembership) {
    /// The accepted bodies. Both are null where the suite creates the payload itself.
    ///
    /// @param full as published
    /// @param blanked without the message's content
    /// @param contentAllowed whether the client is entitled to the content
    public record ExpectedBody(
            @org.jspecify.annotations.Nullable JsonNode full,
            @org.jspecify.annotations.Nullable JsonNode blanked,
            boolean contentAllowed) {
        public static final ExpectedBody UNCHECKED = new ExpectedBody(null, null, true);
    }

    public boolean matchedByChannel() {
        return matchedByChannel(type);
    }

    /// Whether dispatches of this type are matched by their channel: the suite also derives them itself, and then with
    /// the mark of the channel's last change.
    public static boolean matchedByChannel(String type) {
        return type.equals("CHANNEL_CREATE") || type.equals("CHANNEL_DELETE");
    }
}
