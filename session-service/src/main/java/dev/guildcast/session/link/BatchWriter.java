package dev.guildcast.session.link;

import dev.guildcast.link.v1.Dispatch;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Puts entries together that share a payload, one batch a gateway.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#BATCH_BYTES] and one dispatch a gateway between two flushes.
/// - **Promise:** what is written for one link arrives in that order; the entries of one session keep theirs.
final class BatchWriter {
    static final int BATCH_BYTES = 128 * 1024;
    private static final int DISPATCH_OVERHEAD_BYTES = 32;
    private static final int ENTRY_BYTES = 12;

    // In the order of their coming, which does not differ from run to run.
    private final Map<GatewayLink, Batch> batches = new LinkedHashMap<>();

    /// Adds one entry; its payload is made only if no entry before it in the batch has the same.
    ///
    /// @param offset of the record that caused it
    /// @param payload which payload of that record
    void entry(
            AttachedSession to,
            int sequence,
            long offset,
            int payload,
            long publishedMillis,
            Supplier<dev.guildcast.session.dispatch.Dispatch> dispatch) {
        var batch = batches.computeIfAbsent(to.link, link -> new Batch());
        batch.entry(to.handle, sequence, offset, payload, publishedMillis, dispatch);
        if (batch.charge >= BATCH_BYTES) {
            flush(to.link);
        }
    }

    /// Sends a message after everything written before for the same link.
    void control(GatewayLink link, HostMessage message) {
        flush(link);
        link.send(message);
    }

    void flush(GatewayLink link) {
        var batch = batches.remove(link);
        if (batch != null) {
            link.push(batch.build());
        }
    }

    /// Forgets what was not flushed: its connections attach again.
    void clear() {
        batches.clear();
    }

    void flushAll() {
        batches.forEach((link, batch) -> link.push(batch.build()));
        batches.clear();
    }

    private static final class Batch {
        private final List<Dispatch.Builder> dispatches = new ArrayList<>();
        private final Map<Integer, Dispatch.Builder> ofRecord = new HashMap<>();
        private long recordOffset = -1;
        private long charge;

        void entry(
                long handle,
                int sequence,
                long offset,
                int payload,
                long publishedMillis,
                Supplier<dev.guildcast.session.dispatch.Dispatch> dispatch) {
            if (offset != recordOffset) {
                ofRecord.clear();
                recordOffset = offset;
            }
            var shared = ofRecord.get(payload);
            if (shared == null) {
                var made = dispatch.get();
                shared = Dispatch.newBuilder()
                        .setType(made.type())
                        .setData(made.data())
                        .setAppendedAt(publishedMillis);
                ofRecord.put(payload, shared);
                dispatches.add(shared);
                charge += made.data().size() + DISPATCH_OVERHEAD_BYTES;
            }
            shared.addHandles(handle).addSequences(sequence);
            charge += ENTRY_BYTES;
        }

        DispatchBatch build() {
            var batch = DispatchBatch.newBuilder().setCharge(charge);
            for (var dispatch : dispatches) {
                batch.addDispatches(dispatch);
            }
            return batch.build();
        }
    }
}
