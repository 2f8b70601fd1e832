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
    private final OutputPositions positions;
    private final ClaimState claimState;

    CheckpointEntities(ShardMachine<?, ?> machine, OutputPositions positions, ClaimState claimState) {
        this.machine = machine;
        this.positions = positions;
        this.claimState = claimState;
    }

    void restore(String key, byte[] value) {
        if (!claimState.restore(key, value) && !positions.restore(key, value)) {
            machine.restore(key, value);
        }
    }

    /// Entities changed since the last call; null for removed ones.
    Map<String, byte @Nullable []> drainDirty() {
        Map<String, byte @Nullable []> entities = new HashMap<>(machine.drainDirty());
        entities.putAll(positions.drainDirty());
        claimState.drainDirty(entities);
        return entities;
    }
}
