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
import dev.guildcast.shard.Outputs;
import java.util.List;
import java.util.TreeSet;

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

    /// Sends a subscribed session the guild, or that it is unavailable.
    public void sendGuild(Subscription session, boolean joined, Outputs out) {
        if (!session.hasAnyIntent(Intents.GUILDS)) {
            return;
        }
        if (view.status().unavailable()) {
            byte[] payload = GuildCreatePayload.unavailable(view.id());
            context.batcher()
                    .deliverDeferred(
                            out,
                            view.id(),
                            session,
                            "GUILD_DELETE",
                            () -> payload,
                            payload.length + RECORD_OVERHEAD_BYTES);
        } else {
            context.batcher()
                    .deliverDeferred(
                            out,
                            view.id(),
                            session,
                            "GUILD_CREATE",
                            guildCreate.forSession(session, joined),
                            guildCreate.sizeEstimate());
        }
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
            audience.users().values().forEach(sessions -> sessions.forEach(session -> sendGuild(session, false, out)));
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
