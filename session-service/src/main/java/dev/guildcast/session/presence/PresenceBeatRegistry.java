package dev.guildcast.session.presence;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ShardListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The shards of this host that emit beats, and the sink that they emit to. Safe for use from any thread.
///
/// - **Bound:** the shards of this node.
public final class PresenceBeatRegistry {
    /// A session's key holds its shard's index in the upper 16 bits and the offset of its Open in the lower 48.
    private static final int SHARD_SHIFT = 48;

    private final Duration beatEvery;
    private final ConcurrentMap<Integer, PresenceBeatEmitter> shards = new ConcurrentHashMap<>();
    private volatile BeatSink sink = batch -> false;

    PresenceBeatRegistry(Duration beatEvery) {
        this.beatEvery = beatEvery;
    }

    /// Sets the sink; beats before that are dropped.
    void setSink(BeatSink newSink) {
        sink = newSink;
        onReconnected();
    }

    /// The listener that emits beats for one incarnation of a shard.
    public ShardListener<SessionRecord, Applied> listener(SessionShard machine) {
        return new PresenceBeatEmitter(machine, this, batch -> sink.offer(batch), beatEvery);
    }

    /// A new stream is open: presence-service may know nothing yet.
    void onReconnected() {
        shards.values().forEach(PresenceBeatEmitter::offerNewRound);
    }

    /// Presence-service requests the presences of these sessions.
    void onStateRequest(StateRequest request) {
        Map<Integer, List<SessionBeat>> byShard = new HashMap<>();
        for (var beat : request.getMissingList()) {
            byShard.computeIfAbsent((int) (beat.getSession() >>> SHARD_SHIFT), each -> new ArrayList<>())
                    .add(beat);
        }
        byShard.forEach((index, requested) -> {
            var shard = shards.get(index);
            if (shard != null) {
                shard.offerStates(requested);
            }
        });
    }

    void add(PresenceBeatEmitter beats) {
        shards.put(beats.index(), beats);
    }

    void remove(PresenceBeatEmitter beats) {
        shards.remove(beats.index(), beats);
    }

    static long sessionKey(int shard, long offset) {
        return (long) shard << SHARD_SHIFT | offset;
    }

    static long offsetOf(long sessionKey) {
        return sessionKey & ((1L << SHARD_SHIFT) - 1);
    }
}
