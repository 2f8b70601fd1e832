package dev.guildcast.shard.process;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.RecordCodec;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Applies durable records to the machine: filters what other shards sent twice, stages the outputs, reports what
/// cannot be applied as a dead letter, and passes what was done to the listener.
///
/// - **Owner:** the shard's loop.
/// - **Promise:** a record that fails leaves no output behind.
///
/// @param <R> the log's record
/// @param <A> what applying a record did
final class RecordApplier<R, A> {
    private final RecordCodec<R> codec;
    private final ShardMachine<R, A> machine;
    private final ShardListener<R, A> listener;
    private final DuplicateFilter duplicateFilter;
    private final DeadLetterReporter deadLetters;
    private final StagedOutputs stagedOutputs;
    private final ShardCounters counters;

    RecordApplier(
            ShardDefinition<R, A> definition,
            DuplicateFilter duplicateFilter,
            DeadLetterReporter deadLetters,
            StagedOutputs stagedOutputs,
            ShardCounters counters) {
        this.codec = definition.codec();
        this.machine = definition.machine();
        this.listener = definition.listener();
        this.duplicateFilter = duplicateFilter;
        this.deadLetters = deadLetters;
        this.stagedOutputs = stagedOutputs;
        this.counters = counters;
    }

    /// Parses one record; null if it is none, which is reported as a dead letter.
    @Nullable
    R parse(long offset, byte[] bytes, boolean isOwner) {
        try {
            return codec.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            deadLetters.report("the bytes are not a record of this log", offset, bytes, isOwner);
            return null;
        }
    }

    /// Applies one record, or reports it as a dead letter, or drops it if it was accepted before.
    ///
    /// @param context of the record, as if no other shard had sent it
    /// @param bytes of the record in the log
    /// @param isOwner whether this process owns the shard, and so writes the dead letters
    void apply(R record, RecordContext context, byte[] bytes, boolean isOwner) {
        var origin = codec.origin(record);
        var ofRecord = context;
        if (origin != null) {
            var source = sourceOf(origin, context, bytes, isOwner);
            if (source == null || !duplicateFilter.accepts(source, origin)) {
                return;
            }
            ofRecord = context.from(source, origin.getPublishedMillis());
        }
        stagedOutputs.begin(ofRecord, Lane.LOG);
        A applied;
        try {
            applied = origin != null && origin.getLane() == Lane.EPHEMERAL
                    ? machine.applyFromEphemeral(record, ofRecord, stagedOutputs)
                    : machine.apply(record, ofRecord, stagedOutputs);
        } catch (RuntimeException e) {
            stagedOutputs.discard();
            deadLetters.report(
                    Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()),
                    context.offset(),
                    bytes,
                    isOwner);
            return;
        }
        for (var reason : stagedOutputs.deadLetters()) {
            deadLetters.report(reason, context.offset(), bytes, isOwner);
        }
        stagedOutputs.commit(context.offset());
        counters.onApplied();
        listener.onApplied(record, ofRecord, applied);
    }

    private @Nullable ShardId sourceOf(Origin origin, RecordContext context, byte[] bytes, boolean isOwner) {
        try {
            return ShardId.of(origin.getKind(), origin.getShard());
        } catch (IllegalArgumentException e) {
            deadLetters.report("invalid origin: " + e.getMessage(), context.offset(), bytes, isOwner);
            return null;
        }
    }
}
