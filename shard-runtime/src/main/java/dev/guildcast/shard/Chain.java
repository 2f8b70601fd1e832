package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The marks by which repeats and gaps are told apart: per source what was accepted, per target what was emitted.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one mark for each other shard and lane.
/// - **Promise:** from each source every output is accepted once, in order, whichever incarnations sent it.
final class Chain {
    /// What becomes of a record with an origin.
    enum Verdict {
        ACCEPTED,
        REPEAT,
        GAP,
        /// An ephemeral output that came again, or from a view other than the one this shard has heard of last.
        STALE
    }

    private static final String ACCEPTED_KEY = "#in/";
    private static final String EPHEMERAL_KEY = "#eph/";
    private static final String EMITTED_KEY = "#out/";

    private final Map<ShardId, Mark> accepted = new TreeMap<>();
    private final Map<ShardId, Long> acceptedEphemeral = new TreeMap<>();
    private final Map<ShardId, Mark> emitted = new TreeMap<>();
    private final Set<String> touched = new TreeSet<>();

    /// Decides about a record and moves the mark if it is accepted.
    Verdict accept(ShardId source, Origin origin) {
        var mark = accepted.getOrDefault(source, Mark.NONE);
        var at = new Mark(origin.getOffset(), origin.getIndex());
        var previous = new Mark(origin.getPrevOffset(), origin.getPrevIndex());
        if (origin.getLane() == Lane.EPHEMERAL) {
            if (!mark.equals(previous) || origin.getOffset() <= acceptedEphemeral.getOrDefault(source, -1L)) {
                return Verdict.STALE;
            }
            acceptedEphemeral.put(source, origin.getOffset());
            touched.add(EPHEMERAL_KEY + source);
            return Verdict.ACCEPTED;
        }
        if (mark.compareTo(at) >= 0) {
            return Verdict.REPEAT;
        }
        if (mark.compareTo(previous) < 0) {
            return Verdict.GAP;
        }
        accepted.put(source, at);
        touched.add(ACCEPTED_KEY + source);
        return Verdict.ACCEPTED;
    }

    Mark lastEmitted(ShardId target) {
        return emitted.getOrDefault(target, Mark.NONE);
    }

    void emitted(ShardId target, Mark mark) {
        emitted.put(target, mark);
        touched.add(EMITTED_KEY + target);
    }

    /// Takes one entity of a checkpoint; false if it is not of the chain.
    boolean restore(String key, byte[] value) {
        if (key.startsWith(ACCEPTED_KEY)) {
            accepted.put(shard(key, ACCEPTED_KEY), Mark.decode(value));
        } else if (key.startsWith(EPHEMERAL_KEY)) {
            acceptedEphemeral.put(shard(key, EPHEMERAL_KEY), Mark.decode(value).offset());
        } else if (key.startsWith(EMITTED_KEY)) {
            emitted.put(shard(key, EMITTED_KEY), Mark.decode(value));
        } else {
            return false;
        }
        return true;
    }

    Map<String, byte[]> drainTouched() {
        var entities = new HashMap<String, byte[]>();
        for (var key : touched) {
            if (key.startsWith(ACCEPTED_KEY)) {
                entities.put(key, mark(accepted, shard(key, ACCEPTED_KEY)).encode());
            } else if (key.startsWith(EPHEMERAL_KEY)) {
                long offset = acceptedEphemeral.getOrDefault(shard(key, EPHEMERAL_KEY), -1L);
                entities.put(key, new Mark(offset, 0).encode());
            } else {
                entities.put(key, mark(emitted, shard(key, EMITTED_KEY)).encode());
            }
        }
        touched.clear();
        return entities;
    }

    private static Mark mark(Map<ShardId, Mark> marks, ShardId shard) {
        return marks.getOrDefault(shard, Mark.NONE);
    }

    private static ShardId shard(String key, String prefix) {
        int dash = key.lastIndexOf('-');
        int index = Integer.parseInt(key, dash + 1, key.length(), 10);
        return switch (key.substring(prefix.length(), dash)) {
            case "guild" -> ShardId.guild(index);
            case "user" -> ShardId.user(index);
            case "session" -> ShardId.session(index);
            case String other -> throw new IllegalArgumentException("mark of " + other);
        };
    }
}
