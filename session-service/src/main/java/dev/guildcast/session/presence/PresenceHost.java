package dev.guildcast.session.presence;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ShardListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The beating shards of this host, and their way to presence-service. Safe for use from any thread.
///
/// - **Bound:** the shards of this node.
public final class PresenceHost {
    private static final int SHARD_SHIFT = 48;

    private final Duration beatEvery;
    private final ConcurrentMap<Integer, PresenceBeats> shards = new ConcurrentHashMap<>();
    private volatile BeatSink sink = batch -> false;

    public PresenceHost(Duration beatEvery) {
        this.beatEvery = beatEvery;
    }

    /// Sets where beats go; until then they are dropped.
    public void connect(BeatSink to) {
        sink = to;
        onReconnected();
    }

    /// The listener by which one incarnation of a shard beats.
    public ShardListener<SessionRecord> listener(SessionShard machine) {
        return new PresenceBeats(machine, this, batch -> sink.offer(batch), beatEvery);
    }

    /// A new stream stands: its other side may know nothing.
    public void onReconnected() {
        shards.values().forEach(PresenceBeats::offerAll);
    }

    /// The other side lacks what these sessions show.
    public void onRequest(StateRequest request) {
        Map<Integer, List<SessionBeat>> byShard = new HashMap<>();
        for (var beat : request.getMissingList()) {
            byShard.computeIfAbsent((int) (beat.getSession() >>> SHARD_SHIFT), each -> new ArrayList<>())
                    .add(beat);
        }
        byShard.forEach((index, asked) -> {
            var shard = shards.get(index);
            if (shard != null) {
                shard.offerAsked(asked);
            }
        });
    }

    void add(PresenceBeats beats) {
        shards.put(beats.index(), beats);
    }

    void remove(PresenceBeats beats) {
        shards.remove(beats.index(), beats);
    }

    static long name(int shard, long offset) {
        return (long) shard << SHARD_SHIFT | offset;
    }

    static long offset(long name) {
        return name & ((1L << SHARD_SHIFT) - 1);
    }
}
