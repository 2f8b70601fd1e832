package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.storage.RecordSender;

/// Appends an owner's records to logs: the outputs in its outbox, and its own claims, commands and markers.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** that of the outbox.
/// - **Promise:** every append that fails is reported.
final class OutputSender {
    private final Outbox outbox;
    private final RecordSender sender;
    private final ShardCounters counters;
    private final Listener listener;

    OutputSender(Outbox outbox, RecordSender sender, ShardCounters counters, Listener listener) {
        this.outbox = outbox;
        this.sender = sender;
        this.counters = counters;
        this.listener = listener;
    }

    /// Sends as many outputs as may be in flight.
    void pump() {
        outbox.pump((entry, target, record) -> {
            counters.onSent();
            sender.send(target, record, sent -> {
                if (!sent) {
                    listener.onSendFailed(target);
                    return;
                }
                outbox.onAcknowledged(entry);
                listener.onAcknowledged();
            });
        });
    }

    /// Appends a record that does not come from the outbox.
    void send(ShardId target, byte[] record) {
        sender.send(target, record, sent -> {
            if (!sent) {
                listener.onSendFailed(target);
            }
        });
    }

    /// Called on the shard's loop.
    interface Listener {
        /// An output was appended.
        void onAcknowledged();

        /// A record may not have been appended.
        void onSendFailed(ShardId target);
    }
}
