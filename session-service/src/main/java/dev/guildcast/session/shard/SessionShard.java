package dev.guildcast.session.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.MemberJoined;
import dev.guildcast.delivery.v1.MemberLeft;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.delivery.v1.SelfDeliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.SetPresence;
import dev.guildcast.delivery.v1.UserDeliver;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionRegistry;
import dev.guildcast.session.audience.FullMemberRequests;
import dev.guildcast.session.audience.GuildLogEmitter;
import dev.guildcast.session.dispatch.Sequencer;
import dev.guildcast.session.dispatch.SessionRecords;
import dev.guildcast.session.resume.ResumeRing;
import dev.guildcast.session.resume.ServedTime;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The state machine of one session log: which sessions are open, and which record is the next dispatch of which.
///
/// What fan-out delivers is assigned a sequence for each recipient and kept by reference. What the owner appends takes
/// effect only while its claim is valid: a record whose nonce is not that of the owner at its offset is void.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** sessions by what gateways open and expiry closes; a ring for each; a guild list for each user with a
///   guild.
/// - **Promise:** the same records give the same sessions, sequences and outputs in every process.
public final class SessionShard implements ShardMachine<SessionRecord, Applied> {
    private final ShardId shard;
    private final int ringMax;
    private final GuildLogEmitter guildLogEmitter;
    private final SessionRegistry sessions = new SessionRegistry();
    private final GuildMemberships memberships = new GuildMemberships();
    private final ServedTime servedTime;
    private final Sequencer sequencer = new Sequencer();
    private final TreeSet<Long> dirtySessions = new TreeSet<>();
    private final TreeSet<Long> dirtyUsers = new TreeSet<>();
    private boolean servedTimeDirty;

    /// @param window of served time that references are kept for
    /// @param ringMax the most references of one session
    public SessionShard(ShardId shard, Topology topology, Duration window, int ringMax) {
        this.shard = shard;
        this.ringMax = ringMax;
        this.guildLogEmitter = new GuildLogEmitter(topology);
        this.servedTime = new ServedTime(window);
    }

    public ShardId shard() {
        return shard;
    }

    public SessionRegistry sessions() {
        return sessions;
    }

    /// The user's guilds, ascending as unsigned numbers.
    public long[] guilds(long userId) {
        return memberships.of(userId).clone();
    }

    public boolean isMember(long userId, long guildId) {
        return memberships.contains(userId, guildId);
    }

    /// What can be replayed to a session: references outside the window are evicted first.
    public ResumeRing ring(Session session) {
        session.ring().forgetBelow(servedTime.horizon());
        return session.ring();
    }

    @Override
    public Applied apply(SessionRecord record, RecordContext at, Outputs out) {
        begin(record, at);
        var change = switch (record.getRecordCase()) {
            case DELIVER -> {
                sequencer.assign(record.getDeliver(), sessions, session -> true);
                yield SessionChange.None.NONE;
            }
            case USER_DELIVER -> {
                deliverToUsers(record.getUserDeliver());
                yield SessionChange.None.NONE;
            }
            case MEMBER_JOINED -> {
                joined(record.getMemberJoined(), out);
                yield SessionChange.None.NONE;
            }
            case MEMBER_LEFT -> {
                left(record.getMemberLeft());
                yield SessionChange.None.NONE;
            }
            case OPEN -> new SessionChange.Opened(record.getOpen(), open(record.getOpen(), at, out));
            case ATTACHED -> new SessionChange.AttachedTo(record.getAttached(), attached(record.getAttached(), at));
            case CLOSE -> new SessionChange.Closed(record.getClose(), close(record.getClose(), at, out));
            case SELF_DELIVER ->
                new SessionChange.SelfDelivered(record.getSelfDeliver(), selfDeliver(record.getSelfDeliver(), at));
            case SET_PRESENCE ->
                new SessionChange.PresenceChanged(record.getSetPresence(), setPresence(record.getSetPresence(), at));
            case REQUEST_MEMBERS ->
                new SessionChange.MembersRequested(
                        record.getRequestMembers(), requestMembers(record.getRequestMembers(), at, out));
            case MARKER -> SessionChange.None.NONE;
            case CLAIM, CHECKPOINTED, RECORD_NOT_SET ->
                throw new IllegalStateException(record.getRecordCase() + " passed validation, which rejects it: a bug");
        };
        return end(change);
    }

    /// Typing and presence: only for sessions whose user is still a member, as the emitter's view may be newer or older
    /// than this log.
    @Override
    public Applied applyFromEphemeral(SessionRecord record, RecordContext at, Outputs out) {
        begin(record, at);
        if (!record.hasDeliver()) {
            throw new IllegalArgumentException(record.getRecordCase() + " in the ephemeral lane (expected: DELIVER)");
        }
        long guildId = record.getDeliver().getGuildId();
        sequencer.assign(record.getDeliver(), sessions, session -> memberships.contains(session.userId(), guildId));
        return end(SessionChange.None.NONE);
    }

    @Override
    public void onControlRecord(RecordContext at) {
        servedTime.onMark(at.offset(), at.timestampMillis());
        servedTimeDirty = true;
    }

    private void begin(SessionRecord record, RecordContext at) {
        sequencer.begin(at.offset(), servedTime.horizon());
        SessionRecords.validate(record);
    }

    private Applied end(SessionChange change) {
        var dispatches = sequencer.sequenced();
        for (var each : dispatches) {
            dirtySessions.add(each.session().offset());
        }
        return new Applied(change, dispatches);
    }

    private void deliverToUsers(UserDeliver deliver) {
        for (long userId : deliver.getUsersList()) {
            for (var session : sessions.ofUser(userId)) {
                deliverTo(session, deliver);
            }
        }
        for (long offset : deliver.getSessionOffsetsList()) {
            var session = sessions.at(offset);
            if (session != null) {
                deliverTo(session, deliver);
            }
        }
    }

    private void deliverTo(Session session, UserDeliver deliver) {
        boolean shardMatches = (!deliver.getShardZeroOnly()
                        || session.clientShard().id() == 0)
                && (deliver.getRoutingGuildId() == 0 || session.clientShard().includes(deliver.getRoutingGuildId()));
        if (shardMatches && session.wantsAnyOf(deliver.getIntents())) {
            sequencer.assign(session, 0);
        }
    }

    private void joined(MemberJoined joined, Outputs out) {
        long guildId = joined.getGuildId();
        for (long userId : joined.getUsersList()) {
            if (!memberships.add(userId, guildId)) {
                continue;
            }
            dirtyUsers.add(userId);
            for (var session : sessions.ofUser(userId)) {
                if (session.clientShard().includes(guildId)) {
                    guildLogEmitter.subscribe(session, guildId, SubscribeReason.JOIN, out);
                    dirtySessions.add(session.offset());
                }
            }
        }
    }

    private void left(MemberLeft left) {
        long guildId = left.getGuildId();
        for (long userId : left.getUsersList()) {
            if (!memberships.remove(userId, guildId)) {
                continue;
            }
            dirtyUsers.add(userId);
            for (var session : sessions.ofUser(userId)) {
                if (session.receivesGuildDelete(guildId)) {
                    sequencer.assign(session, 0);
                }
            }
        }
    }

    private @Nullable Session open(Open open, RecordContext at, Outputs out) {
        if (open.getNonce() != at.ownerNonce() || sessions.openedBy(open.getRequest()) != null) {
            return null;
        }
        var session =
                new Session(new SessionId(shard.index(), at.offset(), open.getRandom()), open, new ResumeRing(ringMax));
        session.readyGuilds(Arrays.stream(memberships.of(open.getUserId()))
                .filter(session.clientShard()::includes)
                .toArray());
        sessions.add(session);
        sequencer.assign(session, 0);
        for (long guildId : session.readyGuilds()) {
            guildLogEmitter.subscribe(session, guildId, SubscribeReason.READY, out);
        }
        return session;
    }

    private @Nullable Session attached(Attached attached, RecordContext at) {
        var session = sessions.at(attached.getSessionOffset());
        if (session == null || attached.getNonce() != at.ownerNonce()) {
            return null;
        }
        session.attached(attached.getAttachId(), at.offset());
        dirtySessions.add(session.offset());
        return session;
    }

    private @Nullable Session close(Close close, RecordContext at, Outputs out) {
        var session = sessions.at(close.getSessionOffset());
        if (session == null
                || close.getNonce() != at.ownerNonce()
                || session.lastAttach() > close.getLastAttachSeen()) {
            return null;
        }
        sessions.remove(session);
        dirtySessions.add(session.offset());
        guildLogEmitter.unsubscribeAll(session, out);
        return session;
    }

    private @Nullable Session selfDeliver(SelfDeliver deliver, RecordContext at) {
        var command = deliver.getCommand();
        var session = command.getNumber() == 0
                ? sessionIfOwner(command, deliver.getNonce(), at)
                : acceptCommand(command, deliver.getNonce(), at);
        if (session != null) {
            sequencer.assign(session, 0);
        }
        return session;
    }

    private @Nullable Session setPresence(SetPresence set, RecordContext at) {
        var session = acceptCommand(set.getCommand(), set.getNonce(), at);
        if (session != null && set.hasPresence()) {
            session.presence(set.getPresence(), at.offset());
        }
        return session;
    }

    private @Nullable Session requestMembers(RequestMembers request, RecordContext at, Outputs out) {
        var session = acceptCommand(request.getCommand(), request.getNonce(), at);
        if (session == null) {
            return null;
        }
        if (FullMemberRequests.isLimited(session, request, isMember(session.userId(), request.getGuildId()))) {
            FullMemberRequests.recordAccepted(session, request.getGuildId(), at.timestampMillis());
        }
        guildLogEmitter.requestMembers(session, request, out);
        return session;
    }

    private @Nullable Session sessionIfOwner(CommandNumber command, long nonce, RecordContext at) {
        return nonce == at.ownerNonce() ? sessions.at(command.getSessionOffset()) : null;
    }

    private @Nullable Session acceptCommand(CommandNumber command, long nonce, RecordContext at) {
        var session = sessionIfOwner(command, nonce, at);
        if (session == null || !session.acceptCommand(command.getAttachId(), command.getNumber())) {
            return null;
        }
        dirtySessions.add(session.offset());
        return session;
    }

    @Override
    public void restore(String key, byte[] value) {
        try {
            if (SessionCheckpointCodec.isSession(key)) {
                sessions.add(SessionCheckpointCodec.decodeSession(shard.index(), key, value, ringMax));
            } else if (SessionCheckpointCodec.isUser(key)) {
                memberships.restore(SessionCheckpointCodec.userId(key), SessionCheckpointCodec.decodeGuilds(value));
            } else if (key.equals(SessionCheckpointCodec.SERVED_TIME_KEY)) {
                servedTime.restore(SessionCheckpointCodec.decodeServedTime(value));
            } else {
                throw new IllegalStateException("checkpoint of " + shard + " has entity " + key
                        + " of an unknown kind; was it written by a newer version?");
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "entity " + key + " in the checkpoint of " + shard + " cannot be parsed", e);
        }
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        var entities = new LinkedHashMap<String, byte @Nullable []>();
        for (long offset : dirtySessions) {
            var session = sessions.at(offset);
            entities.put(SessionCheckpointCodec.sessionKey(offset), session == null ? null : encode(session));
        }
        for (long userId : dirtyUsers) {
            long[] guilds = memberships.of(userId);
            entities.put(
                    SessionCheckpointCodec.userKey(userId),
                    guilds.length == 0 ? null : SessionCheckpointCodec.encode(guilds));
        }
        if (servedTimeDirty) {
            entities.put(SessionCheckpointCodec.SERVED_TIME_KEY, SessionCheckpointCodec.encode(servedTime.state()));
        }
        dirtySessions.clear();
        dirtyUsers.clear();
        servedTimeDirty = false;
        return entities;
    }

    private byte[] encode(Session session) {
        ring(session);
        return SessionCheckpointCodec.encode(session);
    }
}
