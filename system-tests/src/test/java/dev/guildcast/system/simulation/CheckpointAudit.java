package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.session.v1.SessionEntity;
import dev.guildcast.shard.CheckpointWriter;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardPorts;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.StepwiseShard;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.MemoryLog;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Follows one log from its beginning and never fails, so that it knows what a checkpoint at any place must hold.
final class CheckpointAudit<R> {
    private final ShardId shard;
    private final ShardDefinition<R> definition;
    private final StepwiseShard<R> follower;
    private final Map<String, byte[]> entities = new TreeMap<>();
    private long next;

    CheckpointAudit(ShardId shard, ShardDefinition<R> definition) {
        this.shard = shard;
        this.definition = definition;
        var nowhere = new CheckpointWriter() {
            @Override
            public void begin(Callback callback) {}

            @Override
            public void commit(long position, Map<String, byte @Nullable []> touched, Callback callback) {}
        };
        this.follower = new StepwiseShard<>(
                shard,
                Long.MAX_VALUE,
                definition,
                new ShardPorts(
                        (target, record, callback) -> {},
                        nowhere,
                        answer -> {},
                        (source, offset, reason, record) -> {},
                        () -> 0),
                ShardSettings.guildDefaults(shard),
                ShardCounters.NONE);
        follower.onRestored(0);
    }

    /// Compares with what was committed; commits never go back.
    void check(MemoryLog log, MemoryInstallation.Checkpoint checkpoint) {
        for (; next < checkpoint.position(); next++) {
            var entry = log.at(next);
            follower.onRecord(entry.offset(), entry.timestampMillis(), entry.record());
        }
        definition.machine().drainTouched().forEach((key, value) -> {
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
                throw new Violation(mixture(checkpoint, key, "should be gone"));
            }
        }
        entities.forEach((key, value) -> {
            var other = written.get(key);
            if (other == null || !same(key, value, other)) {
                throw new Violation(mixture(checkpoint, key, other == null ? "is missing" : "is another"));
            }
        });
    }

    private String mixture(MemoryInstallation.Checkpoint checkpoint, String key, String how) {
        return "the checkpoint of " + shard + " at " + checkpoint.position() + " is a mixture: " + key + " " + how;
    }

    /// References outside the window are forgotten whenever somebody looks, so they may be there or not.
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
