package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Outputs of the record being applied: published together when `apply` returns, forgotten when it throws.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the outputs of one record.
/// - **Promise:** what was thrown away leaves no trace in the chain, so that no reader waits for it.
final class Staging implements Outputs {
    /// One output, or a barrier.
    private sealed interface Item {}

    private record Staged(ShardId target, Output output, Mark at, Mark previous) implements Item {}

    private enum Barrier implements Item {
        BARRIER
    }

    private final Chain chain;
    private final Outbox outbox;
    private final List<Item> staged = new ArrayList<>();
    private final Map<ShardId, Mark> tips = new HashMap<>();
    private final List<String> deadLetters = new ArrayList<>();

    private long offset;
    private Lane lane = Lane.LOG;
    private long publishedMillis;

    Staging(Chain chain, Outbox outbox) {
        this.chain = chain;
        this.outbox = outbox;
    }

    /// Begins with the record that `at` describes, of the lane.
    void begin(RecordContext at, Lane recordLane) {
        offset = at.offset();
        lane = recordLane;
        publishedMillis = at.publishedMillis();
        staged.clear();
        tips.clear();
        deadLetters.clear();
    }

    @Override
    public void emit(ShardId target, Output output) {
        if (lane == Lane.EPHEMERAL) {
            if (tips.putIfAbsent(target, Mark.NONE) != null) {
                throw new IllegalStateException("second ephemeral output of offset " + offset + " to " + target);
            }
            staged.add(new Staged(target, output, new Mark(offset, 0), chain.lastEmitted(target)));
            return;
        }
        var tip = tips.get(target);
        var at = new Mark(offset, tip == null ? 0 : tip.index() + 1);
        staged.add(new Staged(target, output, at, tip == null ? chain.lastEmitted(target) : tip));
        tips.put(target, at);
    }

    @Override
    public void barrier() {
        staged.add(Barrier.BARRIER);
    }

    @Override
    public void deadLetter(String reason) {
        deadLetters.add(reason);
    }

    /// Hands everything to the outbox.
    ///
    /// @param cause offset in the shard's own log below which no checkpoint may pass before the outputs are
    ///     acknowledged
    void publish(long cause) {
        for (var item : staged) {
            switch (item) {
                case Staged one ->
                    outbox.add(cause, one.target(), one.output(), lane, one.at(), one.previous(), publishedMillis);
                case Barrier barrier -> outbox.addBarrier(cause);
            }
        }
        if (lane == Lane.LOG) {
            tips.forEach(chain::emitted);
        }
        staged.clear();
        tips.clear();
    }

    void discard() {
        staged.clear();
        tips.clear();
        deadLetters.clear();
    }

    List<String> deadLetters() {
        return deadLetters;
    }
}
