package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.catalogue.EventRule.AudienceKind;
import dev.guildcast.event.v1.Concealment;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.ListItemRef;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.Sessions;
import dev.guildcast.event.v1.Users;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Creates the record of a guild's event by the rule of its type.
final class GuildEventRecordFactory {
    private GuildEventRecordFactory() {}

    static ParsedEvent.ToGuild toGuild(
            EventRule rule, Json d, List<Long> users, List<SessionId> sessions, @Nullable Publication publication) {
        long guildId = d.get(rule.guildField()).id();
        checkIds(rule, d);
        var event = GuildEvent.newBuilder()
                .setGuildId(guildId)
                .setType(typeOf(rule, d))
                .addAllRequiredPermissions(rule.permissions())
                .setIntents(rule.intents())
                .setPriority(rule.priority())
                .setPayload(d.raw());
        setAudience(event, rule, d, users, sessions);
        applySubjectRule(event, rule, d);
        var redaction = Redaction.of(rule.content(), d);
        if (redaction.payload() != null) {
            event.setPayloadRedacted(redaction.payload())
                    .addAllFullRecipients(redaction.fullRecipients())
                    .addAllContentVariants(redaction.variants());
        }
        conceal(event, rule, d);
        if (rule.change() != null) {
            event.setMutation(rule.change().mutation().apply(d));
        }
        if (publication != null) {
            event.setPublication(publication);
        }
        return new ParsedEvent.ToGuild(
                guildId, GuildRecord.newBuilder().setEvent(event).build(), rule.lane());
    }

    /// Marks what not every recipient sees, in each payload of the event.
    private static void conceal(GuildEvent.Builder event, EventRule rule, Json d) {
        var concealments = d.concealments(rule);
        if (concealments.isEmpty()) {
            return;
        }
        event.addAllConcealments(concealments);
        if (!event.getPayloadRedacted().isEmpty()) {
            event.addAllRedactedConcealments(concealmentsOf(event.getPayloadRedacted(), rule));
            for (var variant : event.getContentVariantsBuilderList()) {
                variant.addAllConcealments(concealmentsOf(variant.getPayload(), rule));
            }
        }
    }

    private static List<Concealment> concealmentsOf(ByteString payload, EventRule rule) {
        return Json.parse(payload.toByteArray()).concealments(rule);
    }

    /// Clients receive GUILD_DELETE at an outage, whichever way it was published.
    private static String typeOf(EventRule rule, Json d) {
        return rule.type().equals("GUILD_CREATE") && d.flagOrFalse("unavailable") ? "GUILD_DELETE" : rule.type();
    }

    static void checkIds(EventRule rule, Json d) {
        for (var path : rule.ids()) {
            if (path.endsWith("[]")) {
                d.get(path.substring(0, path.length() - 2)).ids();
            } else {
                d.get(path).id();
            }
        }
        if (rule.route() != EventRule.Route.USERS_OR_GUILD
                && (rule.audience() == AudienceKind.CHANNEL || rule.audience() == AudienceKind.CONNECTED)) {
            d.get(rule.channelField()).id();
        }
    }

    private static void setAudience(
            GuildEvent.Builder event, EventRule rule, Json d, List<Long> users, List<SessionId> sessions) {
        if (!users.isEmpty()) {
            if (!rule.allowsNamedUsers()) {
                throw new InvalidEventException(
                        "users", "must be absent: " + rule.type() + " goes to everyone who may see it");
            }
            event.setUsers(Users.newBuilder().addAllIds(users));
            if (rule.intents() == Intents.GUILD_MESSAGES) {
                // An ephemeral message, which needs the intent of direct messages.
                event.setIntents(Intents.DIRECT_MESSAGES);
            }
            if (rule.isOwnChannel(rule.channelField())) {
                event.setVisibleChannelId(d.idOrZero(rule.channelField()));
            }
            event.setReachesNonMembers(rule.type().equals("INTERACTION_CREATE"));
            return;
        }
        switch (rule.audience()) {
            case MEMBERS -> event.setMembers(Members.getDefaultInstance());
            case CHANNEL -> event.setChannelId(d.get(rule.channelField()).id());
            case CHANNEL_IF_ANY -> {
                long channelId = d.idOrZero(rule.channelField());
                if (channelId == 0) {
                    event.setMembers(Members.getDefaultInstance());
                } else {
                    event.setChannelId(channelId);
                }
            }
            case CONNECTED ->
                event.setConnectedChannelId(d.get(rule.channelField()).id());
            case SCHEDULED_EVENT ->
                event.setListItem(ListItemRef.newBuilder()
                        .setList("guild_scheduled_events")
                        .setId(d.get("guild_scheduled_event_id").id()));
            case NAMED_USERS ->
                throw new InvalidEventException(
                        "users", "is missing: " + rule.type() + " is for users, who must be named");
            case SUBJECT ->
                event.setUsers(Users.newBuilder().addIds(d.get("user_id").id()))
                        .setVisibleChannelId(d.get("id").id());
            case NAMED_SESSIONS -> {
                if (sessions.isEmpty()) {
                    throw new InvalidEventException("t", rule.type() + " is published by the voice service alone");
                }
                var named = Sessions.newBuilder();
                for (var session : sessions) {
                    named.addRefs(
                            SessionRef.newBuilder().setShard(session.shard()).setOffset(session.offset()));
                }
                event.setSessions(named);
            }
        }
    }

    private static void applySubjectRule(GuildEvent.Builder event, EventRule rule, Json d) {
        switch (rule.subjectRule()) {
            case NONE -> {}
            case SUBJECT_ALWAYS -> event.addSelfUsers(d.get("user.id").id());
            case SUBJECT_NEVER -> event.addExcludedUsers(d.get("user.id").id());
            case THREAD_MEMBERS -> {
                var change = MutationFactory.threadMembers(d).getThreadMembers();
                event.addAllSelfUsers(change.getAddedList())
                        .addAllSelfUsers(change.getRemovedList())
                        .setSelfIntents(Intents.GUILDS);
            }
        }
    }
}
