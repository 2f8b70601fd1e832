package dev.guildcast.shard;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ports that lead nowhere until the incarnation is open: nothing is sent before the checkpoint is read.
///
/// - **Owner:** the shard's loop.
final class LatePorts {
    private ShardStorage.@Nullable Incarnation incarnation;

    void open(ShardStorage.Incarnation opened) {
        incarnation = opened;
    }

    ShardPorts ports() {
        return new ShardPorts(
                (target, record, callback) -> opened().sender().send(target, record, callback),
                new CheckpointWriter() {
                    @Override
                    public void begin(Callback callback) {
                        opened().checkpoints().begin(callback);
                    }

                    @Override
                    public void commit(
                            long position, java.util.Map<String, byte @Nullable []> entities, Callback callback) {
                        opened().checkpoints().commit(position, entities, callback);
                    }
                },
                callback -> opened().ends().fetch(callback),
                (shard, offset, reason, record) -> opened().deadLetters().accept(shard, offset, reason, record),
                System::nanoTime);
    }

    private ShardStorage.Incarnation opened() {
        return Objects.requireNonNull(incarnation, "the incarnation is not open yet");
    }
}
