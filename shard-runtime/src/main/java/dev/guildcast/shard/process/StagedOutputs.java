package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Outputs of the record being applied: committed to the outbox when `apply` returns, discarded when it throws.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the outputs of one record.
/// - **Promise:** discarded outputs do not advance the sequence to their targets, so that no reader sees a gap.
final class StagedOutputs implements Outputs {
    /// One output, or a barrier.
    private sealed interface StagedItem {}

    private record StagedOutput(ShardId target, Output output, OutputPosition position, OutputPosition previous)
            implements StagedItem {}

    private enum Barrier implements StagedItem {
        BARRIER
    }

    private final OutputPositions positions;
    private final Outbox outbox;
    private final List<StagedItem> items = new ArrayList<>();
    private final Map<ShardId, OutputPosition> lastPositions = new HashMap<>();
    private final List<String> deadLetters = new ArrayList<>();

    private long offset;
    private Lane lane = Lane.LOG;
    private long publishedMillis;

    StagedOutputs(OutputPositions positions, Outbox outbox) {
        this.positions = positions;
        this.outbox = outbox;
    }

    /// Starts to collect the outputs of the record that `context` describes.
    void begin(RecordContext context, Lane recordLane) {
        offset = context.offset();
        lane = recordLane;
        publishedMillis = context.publishedMillis();
        items.clear();
        lastPositions.clear();
        deadLetters.clear();
    }

    @Override
    public void emit(ShardId target, Output output) {
        if (lane == Lane.EPHEMERAL) {
            if (lastPositions.putIfAbsent(target, OutputPosition.NONE) != null) {
                throw new IllegalStateException(
                        "second ephemeral output of offset " + offset + " to " + target + " (expected: at most one)");
            }
            items.add(new StagedOutput(target, output, new OutputPosition(offset, 0), positions.lastEmitted(target)));
            return;
        }
        var last = lastPositions.get(target);
        var position = new OutputPosition(offset, last == null ? 0 : last.index() + 1);
        items.add(new StagedOutput(target, output, position, last == null ? positions.lastEmitted(target) : last));
        lastPositions.put(target, position);
    }

    @Override
    public void barrier() {
        items.add(Barrier.BARRIER);
    }

    @Override
    public void deadLetter(String reason) {
        deadLetters.add(reason);
    }

    /// Moves the staged outputs to the outbox.
    ///
    /// @param causeOffset offset in the shard's own log that no checkpoint may pass before the outputs are
    ///     acknowledged
    void commit(long causeOffset) {
        for (var item : items) {
            switch (item) {
                case StagedOutput stagedOutput ->
                    outbox.add(
                            causeOffset,
                            stagedOutput.target(),
                            stagedOutput.output(),
                            lane,
                            stagedOutput.position(),
                            stagedOutput.previous(),
                            publishedMillis);
                case Barrier barrier -> outbox.addBarrier(causeOffset);
            }
        }
        if (lane == Lane.LOG) {
            lastPositions.forEach(positions::recordEmitted);
        }
        items.clear();
        lastPositions.clear();
    }

    void discard() {
        items.clear();
        lastPositions.clear();
        deadLetters.clear();
    }

    List<String> deadLetters() {
        return deadLetters;
    }
}
