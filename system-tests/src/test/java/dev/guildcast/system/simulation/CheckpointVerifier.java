package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.session.v1.SessionEntity;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.MemoryLog;
import dev.guildcast.shard.process.IncarnationId;
import dev.guildcast.shard.process.ShardPorts;
import dev.guildcast.shard.process.StepwiseShard;
import dev.guildcast.shard.storage.CheckpointWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Follows one log from its beginning without failures, and thus knows what a checkpoint at any offset must contain.
final class CheckpointVerifier<R> {
    private final ShardId shard;
    private final ShardDefinition<R, ?> definition;
    private final StepwiseShard<R> follower;
    private final Map<String, byte[]> entities = new TreeMap<>();
    private long next;

    CheckpointVerifier(ShardId shard, ShardDefinition<R, ?> definition) {
        this.shard = shard;
        this.definition = definition;
        var discardingWriter = new CheckpointWriter() {
            @Override
            public void begin(CheckpointCallback callback) {}

            @Override
            public void commit(long position, Map<String, byte @Nullable []> dirty, CheckpointCallback callback) {}
        };
        this.follower = new StepwiseShard<>(
                new IncarnationId(shard, Long.MAX_VALUE, "verifier"),
                definition,
                new ShardPorts(
                        (target, record, callback) -> {},
                        discardingWriter,
                        answer -> {},
                        (source, offset, reason, record, onLost) -> {},
                        () -> 0),
                ShardSettings.guildDefaults(shard),
                ShardCounters.NONE);
        follower.onRestored(0);
    }

    /// Verifies a committed checkpoint; commits never go back.
    void verify(MemoryLog log, MemoryInstallation.Checkpoint checkpoint) {
        for (; next < checkpoint.position(); next++) {
            var entry = log.at(next);
            follower.onRecord(entry.offset(), entry.timestampMillis(), entry.record());
        }
        definition.machine().drainDirty().forEach((key, value) -> {
            if (value == null) {
                entities.remove(key);
            } else {
                entities.put(key, value);
            }
        });
        var written = new TreeMap<>(checkpoint.entities());
        written.keySet().removeIf(key -> key.startsWith("#"));
        for (var key : written.keySet()) {
            if (!entities.containsKey(key)) {
                throw new InvariantViolation(mismatch(checkpoint, key, "should have been deleted"));
            }
        }
        entities.forEach((key, value) -> {
            var other = written.get(key);
            if (other == null || !same(key, value, other)) {
                throw new InvariantViolation(mismatch(checkpoint, key, other == null ? "is missing" : "differs"));
            }
        });
    }

    private String mismatch(MemoryInstallation.Checkpoint checkpoint, String key, String difference) {
        return "the checkpoint of " + shard + " at " + checkpoint.position() + " is inconsistent: " + key + " "
                + difference;
    }

    /// References outside the window are dropped lazily, so they may be present or not.
    private boolean same(String key, byte[] value, byte[] other) {
        if (Arrays.equals(value, other)) {
            return true;
        }
        if (shard.kind() != ShardId.Kind.SESSION || !key.startsWith("s/")) {
            return false;
        }
        try {
            return withoutReferences(value).equals(withoutReferences(other));
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static SessionEntity withoutReferences(byte[] value) throws InvalidProtocolBufferException {
        return SessionEntity.parseFrom(value).toBuilder()
                .clearReferences()
                .clearReadyGuilds()
                .build();
    }
}
