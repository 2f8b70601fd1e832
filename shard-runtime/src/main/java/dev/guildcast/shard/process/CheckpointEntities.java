package dev.guildcast.shard.process;

import dev.guildcast.shard.ShardMachine;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a checkpoint of a shard contains: the machine's entities, and the runtime's own, whose keys start with `#`.
///
/// - **Owner:** the shard's loop.
final class CheckpointEntities {
    private final ShardMachine<?, ?> machine;
    private final OutputSequencing sequencing;
    private final ClaimState claimState;

    CheckpointEntities(ShardMachine<?, ?> machine, OutputSequencing sequencing, ClaimState claimState) {
        this.machine = machine;
        this.sequencing = sequencing;
        this.claimState = claimState;
    }

    void restore(String key, byte[] value) {
        if (!claimState.restore(key, value) && !sequencing.restore(key, value)) {
            machine.restore(key, value);
        }
    }

    /// Entities changed since the last call; null for removed ones.
    Map<String, byte @Nullable []> drainDirty() {
        Map<String, byte @Nullable []> entities = new HashMap<>(machine.drainDirty());
        entities.putAll(sequencing.drainDirty());
        claimState.drainDirty(entities);
        return entities;
    }
}
