package dev.guildcast.fanout.delivery;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.RecipientRule;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.shard.Outputs;
import java.util.Map;

/// Emits events to one guild's sessions, derived ones and published ones.
///
/// While the guild is in outage nothing is emitted: its clients have dropped it and receive it whole afterwards.
public final class EventEmitter {
    private final GuildView view;
    private final Audience audience;
    private final DeliveryBatcher batcher;

    public EventEmitter(GuildView view, Audience audience, DeliveryBatcher batcher) {
        this.view = view;
        this.audience = audience;
        this.batcher = batcher;
    }

    public void emit(Outputs out, String type, byte[] payload, RecipientRule rule) {
        emit(out, type, UnsafeByteOperations.unsafeWrap(payload), ByteString.EMPTY, rule);
    }

    public void emit(Outputs out, String type, ByteString full, ByteString redacted, RecipientRule rule) {
        if (!view.marks().unavailable()) {
            Map<Integer, Recipients.OfShard> recipients = Recipients.of(view, audience, rule);
            if (!recipients.isEmpty()) {
                batcher.deliver(out, view.id(), type, full, redacted, recipients);
            }
        }
    }

    /// Emits to the sessions of a scope that hold the GUILDS intent.
    void emitStructural(Outputs out, String type, byte[] payload, Scope scope) {
        emit(out, type, payload, RecipientRule.of(scope, Intents.GUILDS));
    }
}
