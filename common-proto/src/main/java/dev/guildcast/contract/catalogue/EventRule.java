package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.shard.v1.Lane;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One rule of the catalogue: how events of one type are routed, and what they change.
///
/// Sixteen components, the columns of the table in `docs/events.md`; only [Builder] calls the constructor.
///
/// @param type the dispatch name
/// @param guildField path of the guild's id in `d`
/// @param channelField path of the channel's id in `d`, for the audiences that need one
/// @param permissions a recipient must have all bits of one of these sets; empty: none needed
/// @param intents a session needs one of these bits; 0: none needed
/// @param directIntents as `intents`, when the event is for users that it names
/// @param shardZeroOnly without a guild, only for sessions of client shard 0
/// @param references what `d` may name that not every recipient sees
/// @param ids paths in `d` that must contain a snowflake, besides guild and channel
/// @param change of the guild view; null: none
record EventRule(
        String type,
        Route route,
        AudienceKind audience,
        String guildField,
        String channelField,
        List<Long> permissions,
        long intents,
        long directIntents,
        boolean shardZeroOnly,
        Priority priority,
        Lane lane,
        SubjectRule subjectRule,
        ContentRule content,
        References references,
        List<String> ids,
        @Nullable ViewChange change) {

    /// The log to which an event is appended.
    enum Route {
        GUILD,
        /// To the user log, for the users that it names.
        USERS,
        /// To the guild log if `d` names a guild, else to the user log.
        GUILD_OR_USERS,
        /// To the user log if the event names users, else to the guild log.
        USERS_OR_GUILD,
        /// Emitted by the gateway only; never published.
        GATEWAY_ONLY
    }

    /// Which members of a guild receive the event.
    enum AudienceKind {
        MEMBERS,
        /// Those who may view the channel that `channelField` names.
        CHANNEL,
        /// As CHANNEL; all members without a channel.
        CHANNEL_IF_ANY,
        /// Those who are connected to the voice channel that `channelField` names, and may view it.
        CONNECTED,
        /// Those who may view the channel of the scheduled event that `d.guild_scheduled_event_id` names; all members
        /// if it has none.
        SCHEDULED_EVENT,
        /// The users that the event names.
        NAMED_USERS,
        /// The user of `d.user_id`, if it may view the thread that `d.id` names.
        SUBJECT,
        /// The sessions that the event names; published by the project's own services only.
        NAMED_SESSIONS
    }

    /// A rule for the event's subject or other users that differs from that of the audience.
    enum SubjectRule {
        NONE,
        /// The user of `d.user` receives the event whatever its intents.
        SUBJECT_ALWAYS,
        /// The user of `d.user` never receives the event.
        SUBJECT_NEVER,
        /// Users who are added to a thread, or removed from it, need the intent GUILDS only.
        THREAD_MEMBERS
    }

    /// What sessions without message content receive.
    enum ContentRule {
        /// The same.
        PLAIN,
        /// The message with blank content, except for its author and the users it mentions.
        MESSAGE,
        /// The content that matched an auto moderation rule is blanked, except for its author.
        AUTO_MODERATION
    }

    /// What `d` may name besides the event's own channel, and not every recipient sees.
    enum References {
        /// Nothing; such events are not searched.
        NONE,
        /// Channels, by the names of the keys, at any depth.
        CHANNELS,
        /// The channels of a message: those it mentions by object, and that of the message it forwards.
        MESSAGE,
        /// Members who were added to a thread or removed from it, and their presences.
        THREAD_MEMBERS
    }

    /// A change of the guild view.
    ///
    /// @param description description for `docs/events.md`
    record ViewChange(String description, Function<Json, Mutation> mutation) {}

    /// Whether the event may name users who are the only recipients in the guild.
    boolean allowsNamedUsers() {
        return change == null
                && audience != AudienceKind.SUBJECT
                && audience != AudienceKind.SCHEDULED_EVENT
                && audience != AudienceKind.NAMED_SESSIONS;
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

    /// Whether `channelField` names the channel that every recipient sees.
    boolean isOwnChannel(String field) {
        return field.equals(channelField)
                && (audience == AudienceKind.CHANNEL
                        || audience == AudienceKind.CHANNEL_IF_ANY
                        || audience == AudienceKind.CONNECTED);
    }

    static EventRule gatewayOnly(String type) {
        return new Builder(type, Route.GATEWAY_ONLY).build();
    }

    /// Sets the defaults of most rules.
    static final class Builder {
        private final String type;
        private final Route route;
        private AudienceKind audience = AudienceKind.MEMBERS;
        private String guildField = "guild_id";
        private String channelField = "channel_id";
        private List<Long> permissions = List.of();
        private long intents;
        private long directIntents;
        private boolean shardZeroOnly = true;
        private Priority priority = Priority.STRUCTURE;
        private Lane lane = Lane.LOG;
        private SubjectRule subjectRule = SubjectRule.NONE;
        private ContentRule content = ContentRule.PLAIN;
        private References references = References.CHANNELS;
        private List<String> ids = List.of();
        private @Nullable ViewChange change;

        Builder(String type, Route route) {
            this.type = type;
            this.route = route;
        }

        Builder audience(AudienceKind value) {
            audience = value;
            return this;
        }

        Builder channel(String field) {
            audience = AudienceKind.CHANNEL;
            channelField = field;
            return this;
        }

        Builder guildField(String field) {
            guildField = field;
            return this;
        }

        Builder requiresAnyOf(Long... oneOf) {
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

        Builder subjectRule(SubjectRule value) {
            subjectRule = value;
            return this;
        }

        Builder content(ContentRule value) {
            content = value;
            return this;
        }

        Builder references(References value) {
            references = value;
            return this;
        }

        Builder ids(String... paths) {
            ids = List.of(paths);
            return this;
        }

        Builder changes(String description, Function<Json, Mutation> mutation) {
            change = new ViewChange(description, mutation);
            return this;
        }

        /// The event contains a whole list of the guild.
        Builder replacesList(String list) {
            return changes("replaces `" + list + "`", d -> MutationFactory.list(d, list));
        }

        /// The event contains one item of a list; its id is required.
        Builder upsertsItem(String list, String idField) {
            return ids(idField)
                    .changes("adds or replaces an item of `" + list + "`", d -> MutationFactory.item(d, list, idField));
        }

        /// The event names one item of a list; its id is required.
        Builder removesItem(String list, String idField) {
            return ids(idField)
                    .changes("removes an item of `" + list + "`", d -> MutationFactory.itemGone(d, list, idField));
        }

        EventRule build() {
            return new EventRule(
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
                    subjectRule,
                    content,
                    references,
                    ids,
                    change);
        }
    }
}
