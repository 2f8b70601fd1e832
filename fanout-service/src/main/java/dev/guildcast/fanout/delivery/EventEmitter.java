package dev.guildcast.fanout.delivery;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.RecipientFilter;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.payload.PartialPayload;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.Set;

/// Emits events to one guild's sessions: finds the recipients and delivers to them.
///
/// While the guild is in outage nothing is emitted: its clients have dropped it and receive it whole afterwards.
public final class EventEmitter {
    /// The derived events that name channels besides their own.
    private static final Set<String> NAMES_CHANNELS =
            Set.of("GUILD_UPDATE", "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE");

    private final GuildView view;
    private final Audience audience;
    private final DeliveryBatcher batcher;

    public EventEmitter(GuildView view, Audience audience, DeliveryBatcher batcher) {
        this.view = view;
        this.audience = audience;
        this.batcher = batcher;
    }

    /// Emits an event, to each recipient the parts of its payload that it may see.
    ///
    /// @param redacted for the recipients without content; empty when it is the same
    public void emit(Outputs out, String type, PartialPayload payload, PartialPayload redacted, RecipientFilter rule) {
        if (view.status().unavailable()) {
            return;
        }
        if (payload.concealments().isEmpty() && redacted.concealments().isEmpty()) {
            batcher.deliver(out, view.id(), type, payload.json(), redacted.json(), Recipients.of(view, audience, rule));
            return;
        }
        var concealments = new ArrayList<>(payload.concealments());
        concealments.addAll(redacted.concealments());
        for (PayloadDivision.Part part : PayloadDivision.of(view, audience, rule, concealments)) {
            var recipients = Recipients.of(view, audience, part.rule());
            if (!recipients.isEmpty()) {
                batcher.deliver(
                        out, view.id(), type, payload.without(part::hides), redacted.without(part::hides), recipients);
            }
        }
    }

    /// Emits an event with a payload built from the view, to those of the scope who hold one of the type's intents.
    public void emitDerived(Outputs out, String type, byte[] payload, Scope scope) {
        emitDerived(out, type, payload, RecipientFilter.of(scope, intentsOf(type)));
    }

    /// As [#emitDerived(Outputs, String, byte[], Scope)]; one user receives the event whatever its intents.
    public void emitDerivedWithSelf(Outputs out, String type, byte[] payload, long self) {
        emitDerived(
                out,
                type,
                payload,
                RecipientFilter.of(Scope.EVERYONE, intentsOf(type)).withSelfUsers(Set.of(self), 0));
    }

    private void emitDerived(Outputs out, String type, byte[] payload, RecipientFilter rule) {
        emit(
                out,
                type,
                NAMES_CHANNELS.contains(type) ? PartialPayload.derived(type, payload) : PartialPayload.whole(payload),
                PartialPayload.NONE,
                rule);
    }

    /// Intents of which a session needs one to receive an event whose payload a shard builds.
    private static long intentsOf(String type) {
        return switch (type) {
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "THREAD_MEMBERS_UPDATE" ->
                Intents.GUILD_MEMBERS;
            case "GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE", "GUILD_SOUNDBOARD_SOUNDS_UPDATE" ->
                Intents.GUILD_EXPRESSIONS;
            case "GUILD_SCHEDULED_EVENT_CREATE", "GUILD_SCHEDULED_EVENT_UPDATE", "GUILD_SCHEDULED_EVENT_DELETE" ->
                Intents.GUILD_SCHEDULED_EVENTS;
            case "VOICE_STATE_UPDATE" -> Intents.GUILD_VOICE_STATES;
            default -> Intents.GUILDS;
        };
    }
}
