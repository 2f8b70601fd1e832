package dev.guildcast.session.presence;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionGone;
import dev.guildcast.presence.v1.SessionPresence;
import dev.guildcast.session.Session;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Beats for the sessions of one shard, attached or not, while it is live here.
///
/// A beat names a session and the version of what it shows; what it shows is sent when it changes or is asked for. So
/// all of presence can be rebuilt from the session shards. The beats of one round are spread over its time.
///
/// - **Owner:** the shard's loop, but for [#offerAsked] and [#offerAll].
/// - **Bound:** [#BATCH_MAX] sessions a batch; a round holds the offsets of the sessions it began with.
/// - **Promise:** every open session beats once a round; a batch that was dropped is made up for by the next round.
final class PresenceBeats implements ShardListener<SessionRecord> {
    static final int BATCH_MAX = 512;
    private static final long FIRST_ROUND_NANOS = Duration.ofSeconds(2).toNanos();

    private final SessionShard machine;
    private final PresenceHost host;
    private final BeatSink sink;
    private final long roundNanos;
    private BeatBatch.Builder changes = BeatBatch.newBuilder();
    private volatile @Nullable OwnedShard shard;
    private long[] round = {};
    private int beaten;
    private long roundBegan;
    private long roundTakes;
    private boolean again;

    PresenceBeats(SessionShard machine, PresenceHost host, BeatSink sink, Duration beatEvery) {
        this.machine = machine;
        this.host = host;
        this.sink = sink;
        this.roundNanos = beatEvery.toNanos();
    }

    int index() {
        return machine.shard().index();
    }

    /// The other side lacks these. From any thread; never blocks.
    void offerAsked(List<SessionBeat> asked) {
        var now = shard;
        if (now != null) {
            now.execute(() -> onAsked(asked));
        }
    }

    /// The other side knows nothing: all beat soon. From any thread; never blocks.
    void offerAll() {
        var now = shard;
        if (now != null) {
            now.execute(() -> again = true);
        }
    }

    @Override
    public void onStarted(OwnedShard started) {
        shard = started;
        host.add(this);
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at) {
        var opened = machine.opened();
        var closed = machine.closed();
        if (opened != null) {
            changes.addStates(state(opened));
        }
        if (closed != null) {
            changes.addGone(SessionGone.newBuilder()
                    .setUserId(closed.userId())
                    .setSession(name(closed.offset()))
                    .setVersion(at.offset()));
        }
        if (record.hasSetPresence()) {
            var session =
                    machine.sessions().at(record.getSetPresence().getCommand().getSessionOffset());
            if (session != null && session.presenceVersion() == at.offset()) {
                changes.addStates(state(session));
            }
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
        again = live;
    }

    @Override
    public void onTick(long nowNanos) {
        if (!live()) {
            round = new long[0];
            beaten = 0;
            return;
        }
        if (again || beaten == round.length && nowNanos - roundBegan >= roundTakes) {
            round = machine.sessions().all().stream().mapToLong(Session::offset).toArray();
            beaten = 0;
            roundBegan = nowNanos;
            roundTakes = again ? Math.min(FIRST_ROUND_NANOS, roundNanos) : roundNanos;
            again = false;
        }
        double passed = Math.min(1.0, (double) (nowNanos - roundBegan) / roundTakes);
        beatUpTo((int) Math.ceil(round.length * passed));
    }

    @Override
    public void onStopped(String reason) {
        host.remove(this);
    }

    private void beatUpTo(int due) {
        while (beaten < due) {
            var batch = BeatBatch.newBuilder();
            for (int n = 0; n < BATCH_MAX && beaten < due; n++, beaten++) {
                var session = machine.sessions().at(round[beaten]);
                if (session != null) {
                    batch.addBeats(SessionBeat.newBuilder()
                            .setUserId(session.userId())
                            .setSession(name(session.offset()))
                            .setVersion(session.presenceVersion()));
                }
            }
            if (batch.getBeatsCount() > 0) {
                sink.offer(batch.build());
            }
        }
    }

    private void onAsked(List<SessionBeat> asked) {
        if (!live()) {
            return;
        }
        var batch = BeatBatch.newBuilder();
        for (var beat : asked) {
            var session = machine.sessions().at(PresenceHost.offset(beat.getSession()));
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

    // A follower says nothing: what it has seen change, its first round brings up.
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
        var now = shard;
        return now != null && now.live();
    }

    private long name(long offset) {
        return PresenceHost.name(index(), offset);
    }

    private SessionPresence state(Session session) {
        return SessionPresence.newBuilder()
                .setUserId(session.userId())
                .setSession(name(session.offset()))
                .setVersion(session.presenceVersion())
                .setPresence(session.presence())
                .setBot(session.open().getBot())
                .build();
    }
}
