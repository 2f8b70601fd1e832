package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.shard.v1.Lane;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One row of the catalogue: what an event of this type means.
///
/// @param type the dispatch name
/// @param guildField where `d` names the guild
/// @param channelField where `d` names the channel, for the audiences that need one
/// @param permissions the user must hold all bits of one of these sets; empty: none needed
/// @param intents a session needs one of these bits; 0: none needed
/// @param directIntents as `intents`, when the event is for users that it names
/// @param shardZeroOnly as a user event, only for sessions of client shard 0
/// @param ids paths in `d` that must hold a snowflake, besides guild and channel
/// @param change what it changes in the guild's view; null: nothing
record EventRow(
        String type,
        Route route,
        Audience audience,
        String guildField,
        String channelField,
        List<Long> permissions,
        long intents,
        long directIntents,
        boolean shardZeroOnly,
        Priority priority,
        Lane lane,
        Special special,
        Content content,
        List<String> ids,
        @Nullable Change change) {

    /// Which log an event goes to.
    enum Route {
        GUILD,
        /// To the users that it names.
        USERS,
        /// To the guild when `d` names one, else to the users that the event names.
        GUILD_OR_USERS,
        /// To the users that the event names, else to the guild.
        USERS_OR_GUILD,
        /// The gateway makes these itself.
        OUR_OWN
    }

    /// Who of a guild is told.
    enum Audience {
        MEMBERS,
        /// Who may view the channel that `channelField` names.
        CHANNEL,
        /// As CHANNEL; all members when none is named.
        CHANNEL_IF_ANY,
        /// The users that the event names.
        NAMED_USERS,
        /// The user of `d.user_id`.
        SUBJECT,
        /// The sessions that the event names; only from our own services.
        NAMED_SESSIONS
    }

    /// Users to whom another rule applies than to the rest of the audience.
    enum Special {
        NONE,
        /// The user of `d.user` is told whatever its intents.
        SUBJECT_ALWAYS,
        /// The user of `d.user` is never told.
        SUBJECT_NEVER,
        /// Users who are added to a thread, or removed from it, are told under GUILDS.
        THREAD_MEMBERS
    }

    /// What sessions without message content get.
    enum Content {
        /// The same.
        PLAIN,
        /// A message with its content blanked, but for its author and those it mentions.
        MESSAGE,
        /// The content that set off a rule of auto moderation is blanked, but for its author.
        AUTO_MODERATION
    }

    /// What changes in the guild's view.
    ///
    /// @param words for the documentation
    record Change(String words, Function<Json, Mutation> mutation) {}

    /// Whether the event may name users of the guild who alone are told.
    boolean narrows() {
        return change == null && audience != Audience.SUBJECT && audience != Audience.NAMED_SESSIONS;
    }

    static Builder guild(String type) {
        return new Builder(type, Route.GUILD);
    }

    static Builder users(String type) {
        return new Builder(type, Route.USERS);
    }

    static Builder guildOrUsers(String type) {
        return new Builder(type, Route.GUILD_OR_USERS);
    }

    static EventRow ourOwn(String type) {
        return new Builder(type, Route.OUR_OWN).build();
    }

    /// Fills in what most rows have in common.
    static final class Builder {
        private final String type;
        private final Route route;
        private Audience audience = Audience.MEMBERS;
        private String guildField = "guild_id";
        private String channelField = "channel_id";
        private List<Long> permissions = List.of();
        private long intents;
        private long directIntents;
        private boolean shardZeroOnly = true;
        private Priority priority = Priority.STRUCTURE;
        private Lane lane = Lane.LOG;
        private Special special = Special.NONE;
        private Content content = Content.PLAIN;
        private List<String> ids = List.of();
        private @Nullable Change change;

        Builder(String type, Route route) {
            this.type = type;
            this.route = route;
        }

        Builder audience(Audience value) {
            audience = value;
            return this;
        }

        Builder channel(String field) {
            audience = Audience.CHANNEL;
            channelField = field;
            return this;
        }

        Builder guildAt(String field) {
            guildField = field;
            return this;
        }

        Builder needs(Long... oneOf) {
            permissions = List.of(oneOf);
            return this;
        }

        Builder intents(long bits) {
            intents = bits;
            return this;
        }

        Builder directIntents(long bits) {
            directIntents = bits;
            return this;
        }

        Builder everyClientShard() {
            shardZeroOnly = false;
            return this;
        }

        Builder priority(Priority value) {
            priority = value;
            return this;
        }

        Builder ephemeral() {
            lane = Lane.EPHEMERAL;
            return this;
        }

        Builder special(Special value) {
            special = value;
            return this;
        }

        Builder content(Content value) {
            content = value;
            return this;
        }

        Builder ids(String... paths) {
            ids = List.of(paths);
            return this;
        }

        Builder changes(String words, Function<Json, Mutation> mutation) {
            change = new Change(words, mutation);
            return this;
        }

        EventRow build() {
            return new EventRow(
                    type,
                    route,
                    audience,
                    guildField,
                    channelField,
                    permissions,
                    intents,
                    directIntents,
                    shardZeroOnly,
                    priority,
                    lane,
                    special,
                    content,
                    ids,
                    change);
        }
    }
}
