package dev.guildcast.session.push;

import dev.guildcast.link.v1.Dispatch;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.stream.GatewayLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Collects the dispatches of each gateway into a batch, in which entries with the same payload share it.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#BATCH_BYTES] plus one dispatch for each gateway, between two flushes.
/// - **Promise:** what is written for one link arrives in that order; the entries of one session keep theirs.
public final class BatchWriter {
    /// Large enough to amortize a gRPC message over many entries, and small enough that one batch delays neither the
    /// control messages behind it nor the other shards that share the stream.
    static final int BATCH_BYTES = 128 * 1024;
    /// About what a dispatch takes on the wire besides its data: type, time and lengths.
    private static final int DISPATCH_OVERHEAD_BYTES = 32;
    /// About what a recipient takes on the wire: its handle and sequence.
    private static final int ENTRY_BYTES = 12;

    // In order of arrival, so that runs are reproducible.
    private final Map<GatewayLink, Batch> batches = new LinkedHashMap<>();

    /// Adds one entry; its payload is rendered only if no earlier entry of the same record in the batch has it.
    ///
    /// @param offset of the record that caused it
    /// @param payload which payload of that record
    void addEntry(
            AttachedSession holder,
            int sequence,
            long offset,
            int payload,
            long publishedMillis,
            Supplier<dev.guildcast.session.dispatch.Dispatch> dispatch) {
        var batch = batches.computeIfAbsent(holder.link(), link -> new Batch());
        batch.addEntry(holder.handle(), sequence, offset, payload, publishedMillis, dispatch);
        if (batch.charge >= BATCH_BYTES) {
            flush(holder.link());
        }
    }

    /// Sends a message after everything written before for the same link.
    public void sendControl(GatewayLink link, HostMessage message) {
        flush(link);
        link.send(message);
    }

    void flush(GatewayLink link) {
        var batch = batches.remove(link);
        if (batch != null) {
            link.push(batch.build());
        }
    }

    /// Discards what was not flushed: its connections attach again.
    public void clear() {
        batches.clear();
    }

    void flushAll() {
        batches.forEach((link, batch) -> link.push(batch.build()));
        batches.clear();
    }

    private static final class Batch {
        private final List<Dispatch.Builder> dispatches = new ArrayList<>();
        private final Map<Integer, Dispatch.Builder> sharedByPayload = new HashMap<>();
        private long recordOffset = -1;
        private long charge;

        void addEntry(
                long handle,
                int sequence,
                long offset,
                int payload,
                long publishedMillis,
                Supplier<dev.guildcast.session.dispatch.Dispatch> dispatch) {
            if (offset != recordOffset) {
                sharedByPayload.clear();
                recordOffset = offset;
            }
            var shared = sharedByPayload.get(payload);
            if (shared == null) {
                var rendered = dispatch.get();
                shared = Dispatch.newBuilder()
                        .setType(rendered.type())
                        .setData(rendered.data())
                        .setPublishedMillis(publishedMillis);
                sharedByPayload.put(payload, shared);
                dispatches.add(shared);
                charge += rendered.data().size() + DISPATCH_OVERHEAD_BYTES;
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
