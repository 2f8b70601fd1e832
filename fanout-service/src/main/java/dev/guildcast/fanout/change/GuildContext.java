package dev.guildcast.fanout.change;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.delivery.EventEmitter;
import dev.guildcast.fanout.delivery.VisibilityChangeEmitter;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.payload.GuildCreatePayload;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/// One guild of a shard: its view, its audience and its emitters.
public final class GuildContext {
    /// About a record's bytes besides its payload.
    private static final int RECORD_OVERHEAD_BYTES = 64;

    private final GuildView view;
    private final Audience audience;
    private final EventEmitter eventEmitter;
    private final VisibilityChangeEmitter visibilityEmitter;
    private final GuildCreatePayload guildCreate;
    private final ShardContext context;

    public GuildContext(long id, DirtyEntities dirty, ShardContext context) {
        this.view = new GuildView(id, dirty);
        this.audience = new Audience(view, dirty);
        this.eventEmitter = new EventEmitter(view, audience, context.batcher());
        this.visibilityEmitter = new VisibilityChangeEmitter(view, audience, eventEmitter);
        this.guildCreate = new GuildCreatePayload(view, audience, context.presences());
        this.context = context;
    }

    public GuildView view() {
        return view;
    }

    public Audience audience() {
        return audience;
    }

    EventEmitter eventEmitter() {
        return eventEmitter;
    }

    VisibilityChangeEmitter visibilityEmitter() {
        return visibilityEmitter;
    }

    /// Sends a session the guild, or that it is unavailable.
    ///
    /// @return false if the guild is too large to be sent: then the session must not get its events either
    public boolean sendGuild(Subscription session, boolean joined, Outputs out) {
        if (!session.hasAnyIntent(Intents.GUILDS)) {
            return true;
        }
        if (view.status().unavailable()) {
            sendUnavailable(session, out);
            return true;
        }
        return sendGuildCreate(session, joined, out);
    }

    private boolean sendGuildCreate(Subscription session, boolean joined, Outputs out) {
        Supplier<byte[]> payload;
        try {
            payload = guildCreate.forSession(session, joined);
        } catch (RecordRejectedException tooLarge) {
            withhold(session, String.valueOf(tooLarge.getMessage()), out);
            return false;
        }
        context.batcher().deliverDeferred(out, view.id(), session, "GUILD_CREATE", payload, guildCreate.sizeEstimate());
        return true;
    }

    /// The guild is too large for a GUILD_CREATE: the session is sent that it is unavailable, and none of its events.
    private void withhold(Subscription session, String reason, Outputs out) {
        context.counters().onGuildTooLarge();
        out.deadLetter(reason);
        sendUnavailable(session, out);
        audience.unsubscribe(session.shard(), session.offset());
    }

    private void sendUnavailable(Subscription session, Outputs out) {
        byte[] payload = GuildCreatePayload.unavailable(view.id());
        context.batcher()
                .deliverDeferred(
                        out, view.id(), session, "GUILD_DELETE", () -> payload, payload.length + RECORD_OVERHEAD_BYTES);
    }

    /// Starts or ends an outage; a repeat changes nothing.
    void setOutage(boolean unavailable, Outputs out) {
        if (view.status().unavailable() == unavailable) {
            return;
        }
        if (unavailable) {
            // Emitted before the outage takes effect: from then on nothing is emitted to the guild.
            eventEmitter.emitDerived(out, "GUILD_DELETE", GuildCreatePayload.unavailable(view.id()), Scope.EVERYONE);
            view.status().setUnavailable(true);
        } else {
            view.status().setUnavailable(false);
            var sessions = new ArrayList<Subscription>();
            audience.users().values().forEach(sessions::addAll);
            sessions.forEach(session -> sendGuild(session, false, out));
        }
    }

    /// Removes the guild: everybody in it has left voice, and every member has left.
    public void remove(Outputs out) {
        new VoiceMutationApplier(this, new EventPayloads(view), out).guildGone();
        List<Long> members = List.copyOf(view.members().keySet());
        view.markAllDirty();
        audience.markAllDirty();
        new TreeSet<>(audience.users().keySet()).forEach(audience::removeUser);
        context.memberships().emitLeft(out, view.id(), members);
    }
}
