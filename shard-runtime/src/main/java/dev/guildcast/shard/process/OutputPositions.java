package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Detects duplicates and gaps in the outputs that shards send each other: the last position accepted from each
/// source, and the last one emitted to each target.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one position for each other shard and lane.
/// - **Promise:** from each source every output is accepted once, in order, whichever incarnation sent it.
final class OutputPositions {
    /// What is done with a record of another shard.
    enum PositionCheck {
        ACCEPTED,
        DUPLICATE,
        GAP,
        /// An ephemeral output that is a duplicate, or that follows another durable output than the last accepted one.
        STALE
    }

    private static final String ACCEPTED_KEY = "#in/";
    private static final String EPHEMERAL_KEY = "#eph/";
    private static final String EMITTED_KEY = "#out/";

    private final Map<ShardId, OutputPosition> accepted = new TreeMap<>();
    private final Map<ShardId, Long> acceptedEphemeral = new TreeMap<>();
    private final Map<ShardId, OutputPosition> emitted = new TreeMap<>();
    private final Set<String> dirtyKeys = new TreeSet<>();

    /// Checks a record against the last accepted position, and advances that position if the record is accepted.
    PositionCheck accept(ShardId source, Origin origin) {
        var lastAccepted = accepted.getOrDefault(source, OutputPosition.NONE);
        var position = new OutputPosition(origin.getOffset(), origin.getIndex());
        var previous = new OutputPosition(origin.getPrevOffset(), origin.getPrevIndex());
        if (origin.getLane() == Lane.EPHEMERAL) {
            if (!lastAccepted.equals(previous) || origin.getOffset() <= acceptedEphemeral.getOrDefault(source, -1L)) {
                return PositionCheck.STALE;
            }
            acceptedEphemeral.put(source, origin.getOffset());
            dirtyKeys.add(EPHEMERAL_KEY + source);
            return PositionCheck.ACCEPTED;
        }
        if (lastAccepted.compareTo(position) >= 0) {
            return PositionCheck.DUPLICATE;
        }
        if (lastAccepted.compareTo(previous) < 0) {
            return PositionCheck.GAP;
        }
        accepted.put(source, position);
        dirtyKeys.add(ACCEPTED_KEY + source);
        return PositionCheck.ACCEPTED;
    }

    OutputPosition lastEmitted(ShardId target) {
        return emitted.getOrDefault(target, OutputPosition.NONE);
    }

    void recordEmitted(ShardId target, OutputPosition position) {
        emitted.put(target, position);
        dirtyKeys.add(EMITTED_KEY + target);
    }

    /// Restores one entity of a checkpoint; false if it belongs to something else.
    boolean restore(String key, byte[] value) {
        if (key.startsWith(ACCEPTED_KEY)) {
            accepted.put(parseShard(key, ACCEPTED_KEY), OutputPosition.decode(value));
        } else if (key.startsWith(EPHEMERAL_KEY)) {
            acceptedEphemeral.put(
                    parseShard(key, EPHEMERAL_KEY), OutputPosition.decode(value).offset());
        } else if (key.startsWith(EMITTED_KEY)) {
            emitted.put(parseShard(key, EMITTED_KEY), OutputPosition.decode(value));
        } else {
            return false;
        }
        return true;
    }

    Map<String, byte[]> drainDirty() {
        var entities = new HashMap<String, byte[]>();
        for (var key : dirtyKeys) {
            if (key.startsWith(ACCEPTED_KEY)) {
                entities.put(
                        key, positionOf(accepted, parseShard(key, ACCEPTED_KEY)).encode());
            } else if (key.startsWith(EPHEMERAL_KEY)) {
                long offset = acceptedEphemeral.getOrDefault(parseShard(key, EPHEMERAL_KEY), -1L);
                entities.put(key, new OutputPosition(offset, 0).encode());
            } else {
                entities.put(
                        key, positionOf(emitted, parseShard(key, EMITTED_KEY)).encode());
            }
        }
        dirtyKeys.clear();
        return entities;
    }

    private static OutputPosition positionOf(Map<ShardId, OutputPosition> positions, ShardId shard) {
        return positions.getOrDefault(shard, OutputPosition.NONE);
    }

    private static ShardId parseShard(String key, String prefix) {
        int dash = key.lastIndexOf('-');
        int index = Integer.parseInt(key, dash + 1, key.length(), 10);
        return switch (key.substring(prefix.length(), dash)) {
            case "guild" -> ShardId.guild(index);
            case "user" -> ShardId.user(index);
            case "session" -> ShardId.session(index);
            case String other ->
                throw new IllegalArgumentException(
                        "output position of shard kind " + other + " (expected: guild, user or session)");
        };
    }
}
