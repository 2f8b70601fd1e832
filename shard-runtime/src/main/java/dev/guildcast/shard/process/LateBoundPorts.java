package dev.guildcast.shard.process;

import dev.guildcast.shard.storage.CheckpointWriter;
import dev.guildcast.shard.storage.ShardStorage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ports whose targets are set when the incarnation is opened; nothing is sent before the checkpoint is restored.
///
/// - **Owner:** the shard's loop.
final class LateBoundPorts {
    private ShardStorage.@Nullable Incarnation incarnation;

    void open(ShardStorage.Incarnation opened) {
        incarnation = opened;
    }

    ShardPorts ports() {
        return new ShardPorts(
                (target, record, callback) -> requireOpen().sender().send(target, record, callback),
                new CheckpointWriter() {
                    @Override
                    public void begin(CheckpointCallback callback) {
                        requireOpen().checkpoints().begin(callback);
                    }

                    @Override
                    public void commit(
                            long position,
                            java.util.Map<String, byte @Nullable []> entities,
                            CheckpointCallback callback) {
                        requireOpen().checkpoints().commit(position, entities, callback);
                    }
                },
                callback -> requireOpen().ends().fetch(callback),
                (shard, offset, reason, record, onLost) ->
                        requireOpen().deadLetters().accept(shard, offset, reason, record, onLost),
                System::nanoTime);
    }

    private ShardStorage.Incarnation requireOpen() {
        return Objects.requireNonNull(incarnation, "a port was used before the incarnation was opened");
    }
}
