package dev.guildcast.session.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.session.Session;
import dev.guildcast.session.resume.ResumeRing;
import dev.guildcast.session.resume.ServedTime;
import dev.guildcast.session.v1.GuildListEntity;
import dev.guildcast.session.v1.ServedMark;
import dev.guildcast.session.v1.ServedTimeEntity;
import dev.guildcast.session.v1.SessionEntity;
import dev.guildcast.session.v1.WholeListRequest;

/// Encodes and decodes the checkpoint entities of a session shard.
final class SessionCheckpointCodec {
    static final String SERVED_TIME_KEY = "served";
    private static final String SESSION_PREFIX = "s/";
    private static final String USER_PREFIX = "u/";

    private SessionCheckpointCodec() {}

    static String sessionKey(long offset) {
        return SESSION_PREFIX + offset;
    }

    static String userKey(long userId) {
        return USER_PREFIX + Long.toUnsignedString(userId);
    }

    static boolean isSession(String key) {
        return key.startsWith(SESSION_PREFIX);
    }

    static boolean isUser(String key) {
        return key.startsWith(USER_PREFIX);
    }

    static long userId(String key) {
        return Long.parseUnsignedLong(key, USER_PREFIX.length(), key.length(), 10);
    }

    static byte[] encode(Session session) {
        var entity = SessionEntity.newBuilder()
                .setOpen(session.open().toByteString())
                .setSequence(session.sequence())
                .setLastAttach(session.lastAttach())
                .setAttachId(session.attachId())
                .setCommand(session.lastCommand())
                .setPresence(session.presence().toByteString())
                .setPresenceVersion(session.presenceVersion());
        long before = 0;
        for (long offset : session.ring().offsets()) {
            entity.addReferences(offset - before);
            before = offset;
        }
        for (long guild : session.readyGuilds()) {
            entity.addReadyGuilds(guild);
        }
        entity.addAllSubscribed(session.subscribed());
        session.fullMemberRequests()
                .forEach((guild, at) -> entity.addWholeLists(
                        WholeListRequest.newBuilder().setGuildId(guild).setAcceptedAt(at)));
        return entity.build().toByteArray();
    }

    static Session decodeSession(int shard, String key, byte[] value, int referencesMax)
            throws InvalidProtocolBufferException {
        long offset = Long.parseLong(key, SESSION_PREFIX.length(), key.length(), 10);
        var entity = SessionEntity.parseFrom(value);
        var open = Open.parseFrom(entity.getOpen());
        long[] offsets = new long[entity.getReferencesCount()];
        long at = 0;
        for (int i = 0; i < offsets.length; i++) {
            at += entity.getReferences(i);
            offsets[i] = at;
        }
        var session = new Session(
                new SessionId(shard, offset, open.getRandom()),
                open,
                ResumeRing.of(referencesMax, entity.getSequence(), offsets));
        session.readyGuilds(
                entity.getReadyGuildsList().stream().mapToLong(Long::longValue).toArray());
        session.subscribed().addAll(entity.getSubscribedList());
        session.restoreAttach(entity.getAttachId(), entity.getLastAttach(), entity.getCommand());
        session.presence(Presence.parseFrom(entity.getPresence()), entity.getPresenceVersion());
        for (var request : entity.getWholeListsList()) {
            session.fullMemberRequests().put(request.getGuildId(), request.getAcceptedAt());
        }
        return session;
    }

    static byte[] encode(long[] guilds) {
        var entity = GuildListEntity.newBuilder();
        for (long guild : guilds) {
            entity.addGuilds(guild);
        }
        return entity.build().toByteArray();
    }

    static long[] decodeGuilds(byte[] value) throws InvalidProtocolBufferException {
        return GuildListEntity.parseFrom(value).getGuildsList().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    static byte[] encode(ServedTime.ServedTimeState state) {
        var entity = ServedTimeEntity.newBuilder()
                .setLastMarkAt(state.lastMarkAtMillis())
                .setServed(state.servedMillis());
        for (var mark : state.marks()) {
            entity.addMarks(ServedMark.newBuilder().setOffset(mark.offset()).setServed(mark.servedMillis()));
        }
        return entity.build().toByteArray();
    }

    static ServedTime.ServedTimeState decodeServedTime(byte[] value) throws InvalidProtocolBufferException {
        var entity = ServedTimeEntity.parseFrom(value);
        return new ServedTime.ServedTimeState(
                entity.getLastMarkAt(),
                entity.getServed(),
                entity.getMarksList().stream()
                        .map(mark -> new ServedTime.Mark(mark.getOffset(), mark.getServed()))
                        .toList());
    }
}
