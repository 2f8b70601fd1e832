package dev.guildcast.witness.model;

import dev.guildcast.witness.Publication;
import tools.jackson.databind.JsonNode;

/// One dispatch that a client must or may get because of a publication.
///
/// @param cause what was published
/// @param type the dispatch name, which differs from the cause's where a channel comes into sight or leaves it
/// @param subject what tells this dispatch from others of its type: the body's mark, or the channel's id
/// @param certain false if it depends on an order that nobody knows, or if the event may be dropped
/// @param body what has to stand in it; [Body#UNCHECKED] where the suite finds its own words
/// @param firstStint of the user's stays in the guild, the first in which this may come; counted from 1
/// @param lastStint the last one
public record Expected(
        Publication cause, String type, String subject, boolean certain, Body body, int firstStint, int lastStint) {
    /// The bodies that are right. Both are null where the suite words the event itself.
    ///
    /// @param full as published
    /// @param blanked without the message's content
    /// @param fullIsRight whether the client is entitled to the content
    public record Body(
            @org.jspecify.annotations.Nullable JsonNode full,
            @org.jspecify.annotations.Nullable JsonNode blanked,
            boolean fullIsRight) {
        public static final Body UNCHECKED = new Body(null, null, true);
    }

    public boolean byChannel() {
        return byChannel(type);
    }

    /// Whether dispatches of this type are known by their channel: the suite sends them on its own, too, and then with
    /// the mark of what the channel's last change was.
    public static boolean byChannel(String type) {
        return type.equals("CHANNEL_CREATE") || type.equals("CHANNEL_DELETE");
    }
}
