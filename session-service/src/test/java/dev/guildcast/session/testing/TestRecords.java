package dev.guildcast.session.testing;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.MemberJoined;
import dev.guildcast.delivery.v1.MemberLeft;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.delivery.v1.SelfDeliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.SetPresence;
import dev.guildcast.delivery.v1.UserDeliver;
import java.util.Arrays;

/// Records as fan-out and owners write them.
public final class TestRecords {
    public static final long ALL_INTENTS = Intents.KNOWN;

    private TestRecords() {}

    public static Open.Builder open(long nonce, long request, long user) {
        return Open.newBuilder()
                .setNonce(nonce)
                .setRequest(request)
                .setAttachId(request)
                .setUserId(user)
                .setUser(ByteString.copyFromUtf8("{\"id\":\"" + user + "\"}"))
                .setBot(true)
                .setApplicationId(user)
                .setApplicationFlags(4096)
                .setIntents(ALL_INTENTS)
                .setContent(true)
                .setVersion(10)
                .setEncoding("json")
                .setLargeThreshold(50)
                .setResumeUrl("wss://gateway.test")
                .setRandom(0x0123456789abcdefL)
                .setPresence(Presence.newBuilder().setStatus("online"));
    }

    public static Open.Builder sharded(Open.Builder open, ClientShard shard) {
        return open.setShardId(shard.id()).setShardCount(shard.count());
    }

    public static SessionRecord of(Open.Builder open) {
        return SessionRecord.newBuilder().setOpen(open).build();
    }

    public static SessionRecord joined(long guild, long... users) {
        var joined = MemberJoined.newBuilder().setGuildId(guild);
        Arrays.stream(users).forEach(joined::addUsers);
        return SessionRecord.newBuilder().setMemberJoined(joined).build();
    }

    public static SessionRecord left(long guild, long... users) {
        var left = MemberLeft.newBuilder().setGuildId(guild);
        Arrays.stream(users).forEach(left::addUsers);
        return SessionRecord.newBuilder().setMemberLeft(left).build();
    }

    /// One payload for these sessions, whose offsets ascend.
    public static SessionRecord deliver(long guild, String type, String data, long... sessions) {
        return SessionRecord.newBuilder()
                .setDeliver(Deliver.newBuilder()
                        .setGuildId(guild)
                        .addPayloads(payload(type, data))
                        .addGroups(group(0, sessions)))
                .build();
    }

    public static Payload payload(String type, String data) {
        return Payload.newBuilder()
                .setType(type)
                .setData(ByteString.copyFromUtf8(data))
                .build();
    }

    public static Group group(int payload, long... sessions) {
        var group = Group.newBuilder().setPayload(payload);
        long before = 0;
        for (long session : sessions) {
            group.addRecipients(session - before);
            before = session;
        }
        return group.build();
    }

    public static SessionRecord direct(String data, boolean shardZeroOnly, long intents, long... users) {
        var deliver = UserDeliver.newBuilder()
                .setType("MESSAGE_CREATE")
                .setData(ByteString.copyFromUtf8(data))
                .setShardZeroOnly(shardZeroOnly)
                .setIntents(intents);
        Arrays.stream(users).forEach(deliver::addUsers);
        return SessionRecord.newBuilder().setUserDeliver(deliver).build();
    }

    public static SessionRecord attached(long nonce, long session, long attachId) {
        return SessionRecord.newBuilder()
                .setAttached(Attached.newBuilder()
                        .setNonce(nonce)
                        .setSessionOffset(session)
                        .setAttachId(attachId))
                .build();
    }

    public static SessionRecord close(long nonce, long session, long lastAttachSeen) {
        return SessionRecord.newBuilder()
                .setClose(Close.newBuilder()
                        .setNonce(nonce)
                        .setSessionOffset(session)
                        .setLastAttachSeen(lastAttachSeen)
                        .setReason(Close.Reason.EXPIRED))
                .build();
    }

    public static CommandNumber number(long session, long attachId, long number) {
        return CommandNumber.newBuilder()
                .setSessionOffset(session)
                .setAttachId(attachId)
                .setNumber(number)
                .build();
    }

    public static SessionRecord presence(long nonce, CommandNumber number, String status) {
        return SessionRecord.newBuilder()
                .setSetPresence(SetPresence.newBuilder()
                        .setNonce(nonce)
                        .setCommand(number)
                        .setPresence(Presence.newBuilder().setStatus(status)))
                .build();
    }

    public static SessionRecord members(long nonce, CommandNumber number, long guild) {
        return SessionRecord.newBuilder()
                .setRequestMembers(RequestMembers.newBuilder()
                        .setNonce(nonce)
                        .setCommand(number)
                        .setGuildId(guild)
                        .setQuery("")
                        .setClientNonce("n"))
                .build();
    }

    public static SessionRecord self(long nonce, CommandNumber number) {
        return SessionRecord.newBuilder()
                .setSelfDeliver(SelfDeliver.newBuilder()
                        .setNonce(nonce)
                        .setCommand(number)
                        .setType("RATE_LIMITED")
                        .setData(ByteString.copyFromUtf8("{\"opcode\":8}")))
                .build();
    }
}
