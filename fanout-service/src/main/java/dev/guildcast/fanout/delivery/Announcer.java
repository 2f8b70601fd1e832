package dev.guildcast.fanout.delivery;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Telling;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.shard.Outputs;
import java.util.Map;

/// Tells one guild's sessions what its shard has to say itself, and passes on what a backend said.
///
/// While the guild is in outage nobody is told anything: its clients have forgotten it, and get it whole afterwards.
public final class Announcer {
    private final GuildView view;
    private final Audience audience;
    private final DeliveryBatcher batcher;

    public Announcer(GuildView view, Audience audience, DeliveryBatcher batcher) {
        this.view = view;
        this.audience = audience;
        this.batcher = batcher;
    }

    public void tell(Outputs out, String type, byte[] text, Telling telling) {
        tell(out, type, UnsafeByteOperations.unsafeWrap(text), ByteString.EMPTY, telling);
    }

    public void tell(Outputs out, String type, ByteString full, ByteString redacted, Telling telling) {
        if (!view.marks().unavailable()) {
            Map<Integer, Recipients.OfShard> recipients = Recipients.of(view, audience, telling);
            if (!recipients.isEmpty()) {
                batcher.deliver(out, view.id(), type, full, redacted, recipients);
            }
        }
    }

    /// Tells those of a scope that hold the GUILDS intent.
    void structure(Outputs out, String type, byte[] text, Scope scope) {
        tell(out, type, text, Telling.of(scope, Intents.GUILDS));
    }
}
