package dev.guildcast.contract.catalogue;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.catalogue.EventRow.Audience;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.Sessions;
import dev.guildcast.event.v1.Users;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the record of a guild's event from its row of the table.
final class GuildEvents {
    private GuildEvents() {}

    static ReadEvent.ToGuild toGuild(
            EventRow row, Json d, List<Long> users, List<SessionId> sessions, @Nullable Publication publication) {
        long guildId = d.get(row.guildField()).id();
        checkIds(row, d);
        var event = GuildEvent.newBuilder()
                .setGuildId(guildId)
                .setType(typeOf(row, d))
                .addAllRequiredPermissions(row.permissions())
                .setIntents(row.intents())
                .setPriority(row.priority())
                .setPayload(d.raw());
        audience(event, row, d, users, sessions);
        special(event, row, d);
        var redaction = Redaction.of(row.content(), d);
        if (redaction.payload() != null) {
            event.setPayloadRedacted(redaction.payload()).addAllFullRecipients(redaction.fullRecipients());
        }
        if (row.change() != null) {
            event.setMutation(row.change().mutation().apply(d));
        }
        if (publication != null) {
            event.setPublication(publication);
        }
        return new ReadEvent.ToGuild(
                guildId, GuildRecord.newBuilder().setEvent(event).build(), row.lane());
    }

    /// Clients are told of an outage by GUILD_DELETE, whichever way it was published.
    private static String typeOf(EventRow row, Json d) {
        return row.type().equals("GUILD_CREATE") && d.flagged("unavailable") ? "GUILD_DELETE" : row.type();
    }

    static void checkIds(EventRow row, Json d) {
        for (var path : row.ids()) {
            if (path.endsWith("[]")) {
                d.get(path.substring(0, path.length() - 2)).ids();
            } else {
                d.get(path).id();
            }
        }
        if (row.route() != EventRow.Route.USERS_OR_GUILD && row.audience() == Audience.CHANNEL) {
            d.get(row.channelField()).id();
        }
    }

    private static void audience(
            GuildEvent.Builder event, EventRow row, Json d, List<Long> users, List<SessionId> sessions) {
        if (!users.isEmpty()) {
            if (!row.narrows()) {
                throw new Refusal("users", "must be absent: " + row.type() + " is for all who may see it");
            }
            event.setUsers(Users.newBuilder().addAllIds(users));
            if (row.intents() == Intents.GUILD_MESSAGES) {
                // An ephemeral message: a session asks for these as it asks for direct ones.
                event.setIntents(Intents.DIRECT_MESSAGES);
            }
            return;
        }
        switch (row.audience()) {
            case MEMBERS -> event.setMembers(Members.getDefaultInstance());
            case CHANNEL -> event.setChannelId(d.get(row.channelField()).id());
            case CHANNEL_IF_ANY -> {
                long channelId = d.idOrZero(row.channelField());
                if (channelId == 0) {
                    event.setMembers(Members.getDefaultInstance());
                } else {
                    event.setChannelId(channelId);
                }
            }
            case NAMED_USERS ->
                throw new Refusal("users", "is missing: " + row.type() + " is for users, who must be named");
            case SUBJECT ->
                event.setUsers(Users.newBuilder().addIds(d.get("user_id").id()));
            case NAMED_SESSIONS -> {
                if (sessions.isEmpty()) {
                    throw new Refusal("t", row.type() + " is published by the voice service alone");
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

    private static void special(GuildEvent.Builder event, EventRow row, Json d) {
        switch (row.special()) {
            case NONE -> {}
            case SUBJECT_ALWAYS -> event.addSelfUsers(d.get("user.id").id());
            case SUBJECT_NEVER -> event.addExcludedUsers(d.get("user.id").id());
            case THREAD_MEMBERS -> {
                var change = Mutations.threadMembers(d).getThreadMembers();
                event.addAllSelfUsers(change.getAddedList())
                        .addAllSelfUsers(change.getRemovedList())
                        .setSelfIntents(Intents.GUILDS);
            }
        }
    }
}
