package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.json;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildOutage;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.RoleGone;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.event.v1.ThreadMembersChange;
import dev.guildcast.event.v1.VoiceStateUpsert;
import java.util.List;

/// Makes records as ingress does.
final class RecordFixtures {
    private RecordFixtures() {}

    static Field field(String name, String value) {
        return Field.newBuilder().setName(name).setJson(json(value)).build();
    }

    static Mutation guild(long owner, String name) {
        return Mutation.newBuilder()
                .setGuild(GuildUpsert.newBuilder().setOwnerId(owner).addFields(field("name", "'" + name + "'")))
                .build();
    }

    static Mutation role(long id, long permissions) {
        return Mutation.newBuilder()
                .setRole(RoleUpsert.newBuilder()
                        .setId(id)
                        .setPermissions(permissions)
                        .addFields(field("name", "'role" + id + "'")))
                .build();
    }

    static Mutation roleGone(long id) {
        return Mutation.newBuilder()
                .setRoleGone(RoleGone.newBuilder().setId(id))
                .build();
    }

    static Mutation channel(long id, int type, Overwrite... overwrites) {
        return Mutation.newBuilder()
                .setChannel(ChannelUpsert.newBuilder()
                        .setId(id)
                        .setType(type)
                        .addAllOverwrites(List.of(overwrites))
                        .setHasOverwrites(true)
                        .addFields(field("name", "'channel" + id + "'")))
                .build();
    }

    static Mutation thread(long id, int type, long parent, long owner) {
        return Mutation.newBuilder()
                .setChannel(ChannelUpsert.newBuilder()
                        .setId(id)
                        .setType(type)
                        .setParentId(parent)
                        .setOwnerId(owner)
                        .setThread(true)
                        .setHasOverwrites(true)
                        .addFields(field("name", "'thread" + id + "'")))
                .build();
    }

    static Mutation channelGone(long id) {
        return Mutation.newBuilder()
                .setChannelGone(ChannelGone.newBuilder().setId(id))
                .build();
    }

    static Mutation threadMembers(long thread, List<Long> added, List<Long> removed) {
        return Mutation.newBuilder()
                .setThreadMembers(ThreadMembersChange.newBuilder()
                        .setThreadId(thread)
                        .addAllAdded(added)
                        .addAllRemoved(removed))
                .build();
    }

    static Overwrite overwrite(long id, boolean role, long allow, long deny) {
        return Overwrite.newBuilder()
                .setId(id)
                .setRole(role)
                .setAllow(allow)
                .setDeny(deny)
                .build();
    }

    static Mutation member(long user, Long... roles) {
        return Mutation.newBuilder().setMember(memberUpsert(user, roles)).build();
    }

    static MemberUpsert.Builder memberUpsert(long user, Long... roles) {
        return MemberUpsert.newBuilder()
                .setUserId(user)
                .addAllRoles(List.of(roles))
                .setHasRoles(true)
                .setHasTimedOut(true)
                .setHasNick(true)
                .setBot(true)
                .setUsername("user" + user)
                .addFields(field("user", "{'id':'" + user + "','username':'user" + user + "'}"))
                .addFields(field("joined_at", "'2024-01-01T00:00:00+00:00'"));
    }

    static Mutation memberGone(long user) {
        return Mutation.newBuilder()
                .setMemberGone(MemberGone.newBuilder().setUserId(user))
                .build();
    }

    static Mutation voice(long user, long channel) {
        return Mutation.newBuilder()
                .setVoiceState(VoiceStateUpsert.newBuilder()
                        .setUserId(user)
                        .setChannelId(channel)
                        .setSessionId("s" + user))
                .build();
    }

    static Mutation outage(boolean unavailable) {
        return Mutation.newBuilder()
                .setOutage(GuildOutage.newBuilder().setUnavailable(unavailable))
                .build();
    }

    /// An event to all members, with a mutation, under the intent GUILDS.
    static GuildEvent.Builder event(long guild, String type, Mutation mutation) {
        return GuildEvent.newBuilder()
                .setGuildId(guild)
                .setType(type)
                .setMembers(Members.getDefaultInstance())
                .setIntents(Intents.GUILDS)
                .setMutation(mutation)
                .setPayload(json("{'guild_id':'" + guild + "','type':'" + type + "'}"));
    }

    /// A presence as the presence service publishes it: to all members except its subject.
    static GuildEvent presence(long guild, long user, String presence) {
        return GuildEvent.newBuilder()
                .setGuildId(guild)
                .setType("PRESENCE_UPDATE")
                .setMembers(Members.getDefaultInstance())
                .setIntents(Intents.GUILD_PRESENCES)
                .addExcludedUsers(user)
                .setPriority(Priority.PRESENCE)
                .setPayload(json("{'user':{'id':'" + user + "'}," + presence + "}"))
                .build();
    }

    /// A message with a content-free variant.
    static GuildEvent.Builder message(long guild, long channel, String content, Long... full) {
        return GuildEvent.newBuilder()
                .setGuildId(guild)
                .setType("MESSAGE_CREATE")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGES)
                .setPayload(json("{'content':'" + content + "'}"))
                .setPayloadRedacted(json("{'content':''}"))
                .addAllFullRecipients(List.of(full));
    }

    static GuildRecord.Builder part(long guild, String version, Mutation... mutations) {
        return GuildRecord.newBuilder()
                .setDocumentPart(DocumentPart.newBuilder()
                        .setGuildId(guild)
                        .setVersion(version)
                        .addAllMutations(List.of(mutations)));
    }

    static GuildRecord.Builder end(long guild, String version) {
        return GuildRecord.newBuilder()
                .setDocumentEnd(DocumentEnd.newBuilder().setGuildId(guild).setVersion(version));
    }
}
