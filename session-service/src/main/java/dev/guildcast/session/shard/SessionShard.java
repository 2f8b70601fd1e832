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
import dev.guildcast.session.audience.Subscriptions;
import dev.guildcast.session.audience.WholeLists;
import dev.guildcast.session.delivery.SessionRecords;
import dev.guildcast.session.dispatch.Numbered;
import dev.guildcast.session.dispatch.Sequencer;
import dev.guildcast.session.resume.ResumeRing;
import dev.guildcast.session.resume.ServedTime;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The meaning of one session log: which sessions there are, and which record is whose next dispatch.
///
/// What fan-out delivers is numbered for each recipient and remembered by reference. What the owner commands counts
/// only while its claim stands: a record whose nonce is not the owner's at that place of the log is void.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** sessions by what gateways open and expiry closes; a ring each; one guild list for each user with a
/// guild.
/// - **Promise:** the same records give the same sessions, sequences and outputs in every process.
public final class SessionShard implements ShardMachine<SessionRecord> {
    private final ShardId shard;
    private final int ringMax;
    private final Subscriptions subscriptions;
    private final SessionRegistry sessions = new SessionRegistry();
    private final GuildLists guildLists = new GuildLists();
    private final ServedTime served;
    private final Sequencer sequencer = new Sequencer();
    private final TreeSet<Long> touchedSessions = new TreeSet<>();
    private final TreeSet<Long> touchedUsers = new TreeSet<>();
    private boolean servedTouched;
    private @Nullable Session opened;
    private @Nullable Session closed;

    /// @param window of served time that references are kept for
    /// @param ringMax the most references of one session
    public SessionShard(ShardId shard, Topology topology, Duration window, int ringMax) {
        this.shard = shard;
        this.ringMax = ringMax;
        this.subscriptions = new Subscriptions(topology);
        this.served = new ServedTime(window);
    }

    public ShardId shard() {
        return shard;
    }

    public SessionRegistry sessions() {
        return sessions;
    }

    /// The user's guilds, ascending as unsigned numbers.
    public long[] guilds(long userId) {
        return guildLists.of(userId).clone();
    }

    public boolean isMember(long userId, long guildId) {
        return guildLists.contains(userId, guildId);
    }

    /// What a session may still be sent: references outside the window are forgotten first.
    public ResumeRing ring(Session session) {
        session.ring().forgetBelow(served.horizon());
        return session.ring();
    }

    /// Who was given a sequence by the last record.
    public List<Numbered> numbered() {
        return sequencer.numbered();
    }

    /// The session that the last record began.
    public @Nullable Session opened() {
        return opened;
    }

    /// The session that the last record ended.
    public @Nullable Session closed() {
        return closed;
    }

    @Override
    public void apply(SessionRecord record, RecordContext at, Outputs out) {
        begin(record, at);
        switch (record.getRecordCase()) {
            case DELIVER -> sequencer.give(record.getDeliver(), sessions, session -> true);
            case USER_DELIVER -> deliverToUsers(record.getUserDeliver());
            case MEMBER_JOINED -> joined(record.getMemberJoined(), out);
            case MEMBER_LEFT -> left(record.getMemberLeft());
            case OPEN -> open(record.getOpen(), at, out);
            case ATTACHED -> attached(record.getAttached(), at);
            case CLOSE -> close(record.getClose(), at, out);
            case SELF_DELIVER -> selfDeliver(record.getSelfDeliver(), at);
            case SET_PRESENCE -> setPresence(record.getSetPresence(), at);
            case REQUEST_MEMBERS -> requestMembers(record.getRequestMembers(), at, out);
            case MARKER -> {}
            case CLAIM, CHECKPOINTED, RECORD_NOT_SET ->
                throw new IllegalStateException(record.getRecordCase() + " passed the check");
        }
        touchNumbered();
    }

    /// Typing and presence: only for sessions whose user is still a member, as the emitter's view may be younger or
    /// older than this log.
    @Override
    public void applyFromEphemeral(SessionRecord record, RecordContext at, Outputs out) {
        begin(record, at);
        if (!record.hasDeliver()) {
            throw new IllegalArgumentException(record.getRecordCase() + " in the ephemeral lane");
        }
        long guildId = record.getDeliver().getGuildId();
        sequencer.give(record.getDeliver(), sessions, session -> guildLists.contains(session.userId(), guildId));
        touchNumbered();
    }

    @Override
    public void onOwnerMark(RecordContext at) {
        served.onMark(at.offset(), at.timestampMillis());
        servedTouched = true;
    }

    private void begin(SessionRecord record, RecordContext at) {
        sequencer.begin(at.offset(), served.horizon());
        opened = null;
        closed = null;
        SessionRecords.check(record);
    }

    private void touchNumbered() {
        for (var each : sequencer.numbered()) {
            touchedSessions.add(each.session().offset());
        }
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
        boolean shardMatches =
                !deliver.getShardZeroOnly() || session.clientShard().id() == 0;
        if (shardMatches && session.wants(deliver.getIntents())) {
            sequencer.give(session, 0);
        }
    }

    private void joined(MemberJoined joined, Outputs out) {
        long guildId = joined.getGuildId();
        for (long userId : joined.getUsersList()) {
            if (!guildLists.add(userId, guildId)) {
                continue;
            }
            touchedUsers.add(userId);
            for (var session : sessions.ofUser(userId)) {
                if (session.clientShard().holds(guildId)) {
                    subscriptions.subscribe(session, guildId, SubscribeReason.JOIN, out);
                    touchedSessions.add(session.offset());
                }
            }
        }
    }

    private void left(MemberLeft left) {
        long guildId = left.getGuildId();
        for (long userId : left.getUsersList()) {
            if (!guildLists.remove(userId, guildId)) {
                continue;
            }
            touchedUsers.add(userId);
            for (var session : sessions.ofUser(userId)) {
                if (session.seesGuild(guildId)) {
                    sequencer.give(session, 0);
                }
            }
        }
    }

    private void open(Open open, RecordContext at, Outputs out) {
        if (open.getNonce() != at.ownerNonce() || sessions.opened(open.getRequest()) != null) {
            return;
        }
        var session =
                new Session(new SessionId(shard.index(), at.offset(), open.getRandom()), open, new ResumeRing(ringMax));
        session.readyGuilds(Arrays.stream(guildLists.of(open.getUserId()))
                .filter(session.clientShard()::holds)
                .toArray());
        sessions.add(session);
        opened = session;
        sequencer.give(session, 0);
        for (long guildId : session.readyGuilds()) {
            subscriptions.subscribe(session, guildId, SubscribeReason.READY, out);
        }
    }

    private void attached(Attached attached, RecordContext at) {
        var session = sessions.at(attached.getSessionOffset());
        if (session == null || attached.getNonce() != at.ownerNonce()) {
            return;
        }
        session.attached(attached.getAttachId(), at.offset());
        touchedSessions.add(session.offset());
    }

    private void close(Close close, RecordContext at, Outputs out) {
        var session = sessions.at(close.getSessionOffset());
        if (session == null
                || close.getNonce() != at.ownerNonce()
                || session.lastAttach() > close.getLastAttachSeen()) {
            return;
        }
        sessions.remove(session);
        closed = session;
        touchedSessions.add(session.offset());
        subscriptions.unsubscribeAll(session, out);
    }

    private void selfDeliver(SelfDeliver deliver, RecordContext at) {
        var command = deliver.getCommand();
        var session = command.getNumber() == 0
                ? commanded(command, deliver.getNonce(), at)
                : accepted(command, deliver.getNonce(), at);
        if (session != null) {
            sequencer.give(session, 0);
        }
    }

    private void setPresence(SetPresence set, RecordContext at) {
        var session = accepted(set.getCommand(), set.getNonce(), at);
        if (session != null) {
            session.presence(set.getPresence(), at.offset());
        }
    }

    private void requestMembers(RequestMembers request, RecordContext at, Outputs out) {
        var session = accepted(request.getCommand(), request.getNonce(), at);
        if (session == null) {
            return;
        }
        if (WholeLists.counts(session, request, isMember(session.userId(), request.getGuildId()))) {
            WholeLists.accepted(session, request.getGuildId(), at.timestampMillis());
        }
        subscriptions.requestMembers(session, request, out);
    }

    private @Nullable Session commanded(CommandNumber command, long nonce, RecordContext at) {
        return nonce == at.ownerNonce() ? sessions.at(command.getSessionOffset()) : null;
    }

    private @Nullable Session accepted(CommandNumber command, long nonce, RecordContext at) {
        var session = commanded(command, nonce, at);
        if (session == null || !session.accept(command.getAttachId(), command.getNumber())) {
            return null;
        }
        touchedSessions.add(session.offset());
        return session;
    }

    @Override
    public void restore(String key, byte[] value) {
        try {
            if (SessionCheckpoint.isSession(key)) {
                sessions.add(SessionCheckpoint.decodeSession(shard.index(), key, value, ringMax));
            } else if (SessionCheckpoint.isUser(key)) {
                guildLists.restore(SessionCheckpoint.userId(key), SessionCheckpoint.decodeGuilds(value));
            } else if (key.equals(SessionCheckpoint.SERVED_KEY)) {
                served.restore(SessionCheckpoint.decodeServed(value));
            } else {
                throw new IllegalStateException("an entity of an unknown kind in the checkpoint of " + shard);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an unreadable entity in the checkpoint of " + shard, e);
        }
    }

    @Override
    public Map<String, byte @Nullable []> drainTouched() {
        var entities = new LinkedHashMap<String, byte @Nullable []>();
        for (long offset : touchedSessions) {
            var session = sessions.at(offset);
            entities.put(SessionCheckpoint.sessionKey(offset), session == null ? null : encode(session));
        }
        for (long userId : touchedUsers) {
            long[] guilds = guildLists.of(userId);
            entities.put(
                    SessionCheckpoint.userKey(userId), guilds.length == 0 ? null : SessionCheckpoint.encode(guilds));
        }
        if (servedTouched) {
            entities.put(SessionCheckpoint.SERVED_KEY, SessionCheckpoint.encode(served.state()));
        }
        touchedSessions.clear();
        touchedUsers.clear();
        servedTouched = false;
        return entities;
    }

    private byte[] encode(Session session) {
        ring(session);
        return SessionCheckpoint.encode(session);
    }
}
