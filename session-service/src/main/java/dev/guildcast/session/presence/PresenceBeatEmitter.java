package dev.guildcast.session.presence;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionGone;
import dev.guildcast.presence.v1.SessionPresence;
import dev.guildcast.session.Session;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Emits beats for all sessions of one shard, attached or not, while this host is its live owner.
///
/// A beat names a session and the version of its presence; the presence itself is sent when it changes or is requested.
/// So presence-service can rebuild all its state from the session shards. A round's beats are spread over its time.
///
/// - **Owner:** the shard's loop, but for [#offerStates] and [#offerNewRound].
/// - **Bound:** [#BATCH_MAX] sessions a batch; a round holds the offsets of the sessions it began with.
/// - **Promise:** every open session beats once a round; the next round makes up for a batch that was dropped.
final class PresenceBeatEmitter implements ShardListener<SessionRecord, Applied> {
    /// Some tens of kilobytes: large enough to amortize a message, small enough not to delay the shard's loop.
    static final int BATCH_MAX = 512;
    /// A short first round: after a change of owner or a reconnect the sessions' time to live is already running.
    private static final long FIRST_ROUND_NANOS = Duration.ofSeconds(2).toNanos();

    private final SessionShard machine;
    private final PresenceBeatRegistry registry;
    private final BeatSink sink;
    private final long roundNanos;
    private BeatBatch.Builder changes = BeatBatch.newBuilder();
    private volatile @Nullable OwnedShard shard;
    private long[] round = {};
    private int sentInRound;
    private long roundStartNanos;
    private long currentRoundNanos;
    private boolean restartRound;

    PresenceBeatEmitter(SessionShard machine, PresenceBeatRegistry registry, BeatSink sink, Duration beatEvery) {
        this.machine = machine;
        this.registry = registry;
        this.sink = sink;
        this.roundNanos = beatEvery.toNanos();
    }

    int index() {
        return machine.shard().index();
    }

    /// Sends the presences of these sessions, which presence-service lacks. From any thread; never blocks.
    void offerStates(List<SessionBeat> requested) {
        var current = shard;
        if (current != null) {
            current.execute(() -> sendStates(requested));
        }
    }

    /// Starts a short round, as presence-service may know nothing yet. From any thread; never blocks.
    void offerNewRound() {
        var current = shard;
        if (current != null) {
            current.execute(() -> restartRound = true);
        }
    }

    @Override
    public void onStarted(OwnedShard started) {
        shard = started;
        registry.add(this);
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at, Applied applied) {
        var session = applied.change().session();
        if (session == null) {
            return;
        }
        switch (applied.change()) {
            case SessionChange.Opened opened -> changes.addStates(state(session));
            case SessionChange.PresenceChanged presence -> changes.addStates(state(session));
            case SessionChange.Closed closed ->
                changes.addGone(SessionGone.newBuilder()
                        .setUserId(session.userId())
                        .setSession(sessionKey(session.offset()))
                        .setVersion(at.offset()));
            case SessionChange.None none -> {}
            case SessionChange.AttachedTo attached -> {}
            case SessionChange.SelfDelivered delivered -> {}
            case SessionChange.MembersRequested requested -> {}
        }
        if (changes.getStatesCount() + changes.getGoneCount() >= BATCH_MAX) {
            sendChanges();
        }
    }

    @Override
    public void onBatchEnd() {
        sendChanges();
    }

    @Override
    public void onLive(boolean live) {
        restartRound = live;
    }

    @Override
    public void onTick(long nowNanos) {
        if (!live()) {
            round = new long[0];
            sentInRound = 0;
            return;
        }
        if (restartRound || sentInRound == round.length && nowNanos - roundStartNanos >= currentRoundNanos) {
            round = machine.sessions().all().stream().mapToLong(Session::offset).toArray();
            sentInRound = 0;
            roundStartNanos = nowNanos;
            currentRoundNanos = restartRound ? Math.min(FIRST_ROUND_NANOS, roundNanos) : roundNanos;
            restartRound = false;
        }
        double elapsedShare = Math.min(1.0, (double) (nowNanos - roundStartNanos) / currentRoundNanos);
        beatUpTo((int) Math.ceil(round.length * elapsedShare));
    }

    @Override
    public void onStopped(String reason) {
        registry.remove(this);
    }

    private void beatUpTo(int due) {
        while (sentInRound < due) {
            var batch = BeatBatch.newBuilder();
            for (int n = 0; n < BATCH_MAX && sentInRound < due; n++, sentInRound++) {
                var session = machine.sessions().at(round[sentInRound]);
                if (session != null) {
                    batch.addBeats(SessionBeat.newBuilder()
                            .setUserId(session.userId())
                            .setSession(sessionKey(session.offset()))
                            .setVersion(session.presenceVersion()));
                }
            }
            if (batch.getBeatsCount() > 0) {
                sink.offer(batch.build());
            }
        }
    }

    private void sendStates(List<SessionBeat> requested) {
        if (!live()) {
            return;
        }
        var batch = BeatBatch.newBuilder();
        for (var beat : requested) {
            var session = machine.sessions().at(PresenceBeatRegistry.offsetOf(beat.getSession()));
            if (session != null && session.userId() == beat.getUserId()) {
                batch.addStates(state(session));
            } else {
                batch.addGone(SessionGone.newBuilder()
                        .setUserId(beat.getUserId())
                        .setSession(beat.getSession())
                        .setVersion(beat.getVersion()));
            }
        }
        sink.offer(batch.build());
    }

    // A follower sends nothing: its first round as owner reports what has changed.
    private void sendChanges() {
        if (changes.getStatesCount() + changes.getGoneCount() == 0) {
            return;
        }
        if (live()) {
            sink.offer(changes.build());
        }
        changes = BeatBatch.newBuilder();
    }

    private boolean live() {
        var current = shard;
        return current != null && current.live();
    }

    private long sessionKey(long offset) {
        return PresenceBeatRegistry.sessionKey(index(), offset);
    }

    private SessionPresence state(Session session) {
        return SessionPresence.newBuilder()
                .setUserId(session.userId())
                .setSession(sessionKey(session.offset()))
                .setVersion(session.presenceVersion())
                .setPresence(session.presence())
                .setBot(session.open().getBot())
                .build();
    }
}
