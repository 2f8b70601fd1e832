package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.Permissions.BAN_MEMBERS;
import static dev.guildcast.contract.Permissions.MANAGE_CHANNELS;
import static dev.guildcast.contract.Permissions.MANAGE_GUILD;
import static dev.guildcast.contract.Permissions.VIEW_AUDIT_LOG;
import static dev.guildcast.contract.catalogue.EventRule.gatewayOnly;
import static dev.guildcast.contract.catalogue.EventRule.guild;
import static dev.guildcast.contract.catalogue.EventRule.guildOrUsers;
import static dev.guildcast.contract.catalogue.EventRule.users;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.catalogue.EventRule.AudienceKind;
import dev.guildcast.contract.catalogue.EventRule.Builder;
import dev.guildcast.contract.catalogue.EventRule.ContentRule;
import dev.guildcast.contract.catalogue.EventRule.References;
import dev.guildcast.contract.catalogue.EventRule.Route;
import dev.guildcast.contract.catalogue.EventRule.SubjectRule;
import dev.guildcast.event.v1.Priority;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rules of all event types, in the order of `docs/events.md`: guild, channels, threads, members, messages, others.
final class EventTable {
    private static final Map<String, EventRule> RULES = index();

    private EventTable() {}

    static EventRule rule(String type) {
        var rule = RULES.get(type);
        return rule == null ? unknown(type) : rule;
    }

    static Iterable<EventRule> rules() {
        return RULES.values();
    }

    /// The rule for a type that is not in the table, so that new event types need no new release.
    static EventRule unknown(String type) {
        return new Builder(type, Route.USERS_OR_GUILD)
                .audience(AudienceKind.CHANNEL_IF_ANY)
                .intents(Intents.GUILDS)
                .priority(Priority.MESSAGE)
                .build();
    }

    private static Map<String, EventRule> index() {
        var rules = new ArrayList<EventRule>();
        for (var builder : List.of(guilds(), channels(), lists(), members(), messages(), moderation(), others())) {
            builder.forEach(rule -> rules.add(rule.build()));
        }
        for (var type : List.of(
                "READY", "RESUMED", "RATE_LIMITED", "GUILD_MEMBERS_CHUNK", "SOUNDBOARD_SOUNDS", "CHANNEL_INFO")) {
            rules.add(gatewayOnly(type));
        }
        var byType = new LinkedHashMap<String, EventRule>();
        for (var rule : rules) {
            if (byType.put(rule.type(), rule) != null) {
                throw new IllegalStateException(rule.type() + " occurs twice in the table");
            }
        }
        return byType;
    }

    private static List<Builder> guilds() {
        return List.of(
                // Only the short form `{"id","unavailable"}`: a whole guild is a document, see GuildSnapshotSplitter.
                guild("GUILD_CREATE")
                        .guildField("id")
                        .intents(Intents.GUILDS)
                        .changes("ends an outage", MutationFactory::outage),
                guild("GUILD_UPDATE")
                        .guildField("id")
                        .intents(Intents.GUILDS)
                        .changes("updates the guild", MutationFactory::guildUpdate),
                guild("GUILD_DELETE")
                        .guildField("id")
                        .intents(Intents.GUILDS)
                        .changes("starts an outage, or removes the guild", MutationFactory::guildDelete),
                guild("GUILD_ROLE_CREATE")
                        .ids("role.id")
                        .intents(Intents.GUILDS)
                        .changes("adds or replaces the role", d -> MutationFactory.role(d, false)),
                guild("GUILD_ROLE_UPDATE")
                        .ids("role.id")
                        .intents(Intents.GUILDS)
                        .changes("updates the role", d -> MutationFactory.role(d, true)),
                guild("GUILD_ROLE_DELETE")
                        .ids("role_id")
                        .intents(Intents.GUILDS)
                        .changes("removes the role", MutationFactory::roleGone));
    }

    private static List<Builder> channels() {
        return List.of(
                guildOrUsers("CHANNEL_CREATE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .directIntents(Intents.PRIVATE_CHANNELS)
                        .changes("adds or replaces the channel", d -> MutationFactory.channel(d, false, false)),
                guildOrUsers("CHANNEL_UPDATE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .directIntents(Intents.PRIVATE_CHANNELS)
                        .changes("updates the channel", d -> MutationFactory.channel(d, true, false)),
                guildOrUsers("CHANNEL_DELETE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .directIntents(Intents.PRIVATE_CHANNELS)
                        .changes("removes the channel", MutationFactory::channelGone),
                guildOrUsers("CHANNEL_PINS_UPDATE")
                        .channel("channel_id")
                        .intents(Intents.GUILDS)
                        .directIntents(Intents.DIRECT_MESSAGES)
                        .priority(Priority.MESSAGE)
                        .references(References.NONE),
                guild("VOICE_CHANNEL_STATUS_UPDATE").channel("id").intents(Intents.GUILDS),
                guild("VOICE_CHANNEL_START_TIME_UPDATE").channel("id").intents(Intents.GUILDS),
                guild("THREAD_CREATE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .changes("adds or replaces the thread", d -> MutationFactory.channel(d, false, true)),
                guild("THREAD_UPDATE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .changes("updates the thread", d -> MutationFactory.channel(d, true, true)),
                guild("THREAD_DELETE")
                        .channel("id")
                        .intents(Intents.GUILDS)
                        .changes("removes the thread", MutationFactory::channelGone),
                guild("THREAD_LIST_SYNC").audience(AudienceKind.NAMED_USERS).intents(Intents.GUILDS),
                guild("THREAD_MEMBER_UPDATE")
                        .audience(AudienceKind.SUBJECT)
                        .intents(Intents.GUILDS)
                        .ids("id", "user_id"),
                guild("THREAD_MEMBERS_UPDATE")
                        .channel("id")
                        .intents(Intents.GUILD_MEMBERS)
                        .subjectRule(SubjectRule.THREAD_MEMBERS)
                        .references(References.THREAD_MEMBERS)
                        .changes("adds and removes members of the thread", MutationFactory::threadMembers));
    }

    private static List<Builder> lists() {
        return List.of(
                guild("GUILD_EMOJIS_UPDATE").intents(Intents.GUILD_EXPRESSIONS).replacesList("emojis"),
                guild("GUILD_STICKERS_UPDATE")
                        .intents(Intents.GUILD_EXPRESSIONS)
                        .replacesList("stickers"),
                guild("GUILD_SOUNDBOARD_SOUND_CREATE")
                        .intents(Intents.GUILD_EXPRESSIONS)
                        .upsertsItem("soundboard_sounds", "sound_id"),
                guild("GUILD_SOUNDBOARD_SOUND_UPDATE")
                        .intents(Intents.GUILD_EXPRESSIONS)
                        .upsertsItem("soundboard_sounds", "sound_id"),
                guild("GUILD_SOUNDBOARD_SOUND_DELETE")
                        .intents(Intents.GUILD_EXPRESSIONS)
                        .removesItem("soundboard_sounds", "sound_id"),
                guild("GUILD_SOUNDBOARD_SOUNDS_UPDATE")
                        .intents(Intents.GUILD_EXPRESSIONS)
                        .replacesList("soundboard_sounds"),
                guild("STAGE_INSTANCE_CREATE")
                        .channel("channel_id")
                        .intents(Intents.GUILDS)
                        .upsertsItem("stage_instances", "id"),
                guild("STAGE_INSTANCE_UPDATE")
                        .channel("channel_id")
                        .intents(Intents.GUILDS)
                        .upsertsItem("stage_instances", "id"),
                guild("STAGE_INSTANCE_DELETE")
                        .channel("channel_id")
                        .intents(Intents.GUILDS)
                        .removesItem("stage_instances", "id"),
                guild("GUILD_SCHEDULED_EVENT_CREATE")
                        .audience(AudienceKind.CHANNEL_IF_ANY)
                        .intents(Intents.GUILD_SCHEDULED_EVENTS)
                        .upsertsItem("guild_scheduled_events", "id"),
                guild("GUILD_SCHEDULED_EVENT_UPDATE")
                        .audience(AudienceKind.CHANNEL_IF_ANY)
                        .intents(Intents.GUILD_SCHEDULED_EVENTS)
                        .upsertsItem("guild_scheduled_events", "id"),
                guild("GUILD_SCHEDULED_EVENT_DELETE")
                        .audience(AudienceKind.CHANNEL_IF_ANY)
                        .intents(Intents.GUILD_SCHEDULED_EVENTS)
                        .removesItem("guild_scheduled_events", "id"),
                guild("GUILD_SCHEDULED_EVENT_USER_ADD")
                        .audience(AudienceKind.SCHEDULED_EVENT)
                        .intents(Intents.GUILD_SCHEDULED_EVENTS)
                        .ids("guild_scheduled_event_id", "user_id"),
                guild("GUILD_SCHEDULED_EVENT_USER_REMOVE")
                        .audience(AudienceKind.SCHEDULED_EVENT)
                        .intents(Intents.GUILD_SCHEDULED_EVENTS)
                        .ids("guild_scheduled_event_id", "user_id"));
    }

    private static List<Builder> members() {
        return List.of(
                guild("GUILD_MEMBER_ADD")
                        .ids("user.id")
                        .intents(Intents.GUILD_MEMBERS)
                        .changes("adds or replaces the member", d -> MutationFactory.member(d, false)),
                guild("GUILD_MEMBER_UPDATE")
                        .ids("user.id")
                        .intents(Intents.GUILD_MEMBERS)
                        .subjectRule(SubjectRule.SUBJECT_ALWAYS)
                        .changes("updates the member", d -> MutationFactory.member(d, true)),
                guild("GUILD_MEMBER_REMOVE")
                        .ids("user.id")
                        .intents(Intents.GUILD_MEMBERS)
                        .changes("removes the member", MutationFactory::memberGone),
                guildOrUsers("PRESENCE_UPDATE")
                        .intents(Intents.GUILD_PRESENCES)
                        .directIntents(Intents.USER_PRESENCE)
                        .priority(Priority.PRESENCE)
                        .ephemeral()
                        .references(References.NONE)
                        .subjectRule(SubjectRule.SUBJECT_NEVER)
                        .ids("user.id"),
                guildOrUsers("TYPING_START")
                        .channel("channel_id")
                        .intents(Intents.GUILD_MESSAGE_TYPING)
                        .directIntents(Intents.DIRECT_MESSAGE_TYPING)
                        .priority(Priority.TYPING)
                        .ephemeral()
                        .references(References.NONE)
                        .ids("user_id"),
                guildOrUsers("VOICE_STATE_UPDATE")
                        .ids("user_id")
                        .audience(AudienceKind.CHANNEL_IF_ANY)
                        .intents(Intents.GUILD_VOICE_STATES)
                        .directIntents(Intents.CALLS)
                        .references(References.NONE)
                        .changes("sets or removes the voice state", MutationFactory::voiceState),
                guild("VOICE_SERVER_UPDATE").audience(AudienceKind.NAMED_SESSIONS),
                guild("VOICE_CHANNEL_EFFECT_SEND")
                        .audience(AudienceKind.CONNECTED)
                        .references(References.NONE)
                        .intents(Intents.GUILD_VOICE_STATES)
                        .priority(Priority.MESSAGE)
                        .ids("user_id"),
                users("USER_UPDATE").everyClientShard().ids("id"));
    }

    private static List<Builder> messages() {
        var rules = new ArrayList<Builder>();
        rules.add(message("MESSAGE_CREATE")
                .content(ContentRule.MESSAGE)
                .references(References.MESSAGE)
                .ids("id", "author.id"));
        rules.add(message("MESSAGE_UPDATE")
                .content(ContentRule.MESSAGE)
                .references(References.MESSAGE)
                .ids("id"));
        rules.add(message("MESSAGE_DELETE").ids("id"));
        rules.add(message("MESSAGE_DELETE_BULK").ids("ids[]"));
        rules.add(reaction("MESSAGE_REACTION_ADD").ids("user_id", "message_id"));
        rules.add(reaction("MESSAGE_REACTION_REMOVE").ids("user_id", "message_id"));
        rules.add(reaction("MESSAGE_REACTION_REMOVE_ALL").ids("message_id"));
        rules.add(reaction("MESSAGE_REACTION_REMOVE_EMOJI").ids("message_id"));
        for (var type : List.of("MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE")) {
            rules.add(guildOrUsers(type)
                    .channel("channel_id")
                    .intents(Intents.GUILD_MESSAGE_POLLS)
                    .directIntents(Intents.DIRECT_MESSAGE_POLLS)
                    .priority(Priority.MESSAGE)
                    .references(References.NONE)
                    .ids("user_id", "message_id"));
        }
        return rules;
    }

    private static Builder message(String type) {
        return guildOrUsers(type)
                .channel("channel_id")
                .intents(Intents.GUILD_MESSAGES)
                .directIntents(Intents.DIRECT_MESSAGES)
                .priority(Priority.MESSAGE)
                .references(References.NONE);
    }

    private static Builder reaction(String type) {
        return guildOrUsers(type)
                .channel("channel_id")
                .intents(Intents.GUILD_MESSAGE_REACTIONS)
                .directIntents(Intents.DIRECT_MESSAGE_REACTIONS)
                .priority(Priority.MESSAGE)
                .references(References.NONE);
    }

    private static List<Builder> moderation() {
        var rules = new ArrayList<Builder>();
        rules.add(guild("GUILD_AUDIT_LOG_ENTRY_CREATE")
                .requiresAnyOf(VIEW_AUDIT_LOG)
                .intents(Intents.GUILD_MODERATION)
                .ids("id"));
        for (var type : List.of("GUILD_BAN_ADD", "GUILD_BAN_REMOVE")) {
            rules.add(guild(type)
                    .requiresAnyOf(BAN_MEMBERS, VIEW_AUDIT_LOG)
                    .intents(Intents.GUILD_MODERATION)
                    .ids("user.id"));
        }
        for (var verb : List.of("CREATE", "UPDATE", "DELETE")) {
            rules.add(guild("AUTO_MODERATION_RULE_" + verb)
                    .requiresAnyOf(MANAGE_GUILD)
                    .intents(Intents.AUTO_MODERATION_CONFIGURATION)
                    .ids("id"));
        }
        rules.add(guild("AUTO_MODERATION_ACTION_EXECUTION")
                .audience(AudienceKind.CHANNEL_IF_ANY)
                .requiresAnyOf(MANAGE_GUILD)
                .intents(Intents.AUTO_MODERATION_EXECUTION)
                .priority(Priority.MESSAGE)
                .content(ContentRule.AUTO_MODERATION)
                .ids("rule_id", "user_id"));
        return rules;
    }

    private static List<Builder> others() {
        var rules = new ArrayList<Builder>();
        for (var type : List.of("INVITE_CREATE", "INVITE_DELETE")) {
            rules.add(guildOrUsers(type)
                    .channel("channel_id")
                    .requiresAnyOf(MANAGE_CHANNELS)
                    .intents(Intents.GUILD_INVITES)
                    .directIntents(Intents.PRIVATE_CHANNELS));
        }
        rules.add(guild("WEBHOOKS_UPDATE").channel("channel_id").intents(Intents.GUILD_WEBHOOKS));
        rules.add(guild("GUILD_INTEGRATIONS_UPDATE").intents(Intents.GUILD_INTEGRATIONS));
        for (var verb : List.of("CREATE", "UPDATE", "DELETE")) {
            rules.add(guild("INTEGRATION_" + verb)
                    .intents(Intents.GUILD_INTEGRATIONS)
                    .ids("id"));
        }
        rules.add(guild("APPLICATION_COMMAND_PERMISSIONS_UPDATE").ids("id", "application_id"));
        rules.add(guildOrUsers("INTERACTION_CREATE")
                .audience(AudienceKind.NAMED_USERS)
                .priority(Priority.MESSAGE)
                .references(References.NONE)
                .ids("id", "application_id"));
        for (var kind : List.of("ENTITLEMENT", "SUBSCRIPTION")) {
            for (var verb : List.of("CREATE", "UPDATE", "DELETE")) {
                rules.add(users(kind + "_" + verb).ids("id"));
            }
        }
        return rules;
    }
}
