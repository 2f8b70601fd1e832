package dev.guildcast.fanout.shard;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.audience.Telling;
import dev.guildcast.fanout.delivery.Announcer;
import dev.guildcast.fanout.delivery.ChannelReveals;
import dev.guildcast.fanout.delivery.GuildCreate;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Touched;
import dev.guildcast.shard.Outputs;
import java.util.List;
import java.util.TreeSet;

/// One guild of a shard: its view, its audience, and those who speak to it.
final class GuildState {
    private final GuildView view;
    private final Audience audience;
    private final Announcer announcer;
    private final ChannelReveals reveals;
    private final GuildCreate guildCreate;
    private final Tools tools;

    GuildState(long id, Touched touched, Tools tools) {
        this.view = new GuildView(id, touched);
        this.audience = new Audience(view, touched);
        this.announcer = new Announcer(view, audience, tools.batcher());
        this.reveals = new ChannelReveals(view, audience, announcer);
        this.guildCreate = new GuildCreate(view, audience, tools.presences());
        this.tools = tools;
    }

    GuildView view() {
        return view;
    }

    Audience audience() {
        return audience;
    }

    Announcer announcer() {
        return announcer;
    }

    ChannelReveals reveals() {
        return reveals;
    }

    /// Shows the guild to a subscribed session, or says that it is away.
    void show(Subscription session, boolean joined, Outputs out) {
        if (!session.wants(Intents.GUILDS)) {
            return;
        }
        if (view.marks().unavailable()) {
            byte[] text = GuildCreate.unavailable(view.id());
            tools.batcher().late(out, view.id(), session, "GUILD_DELETE", () -> text, text.length + 64);
        } else {
            tools.batcher()
                    .late(
                            out,
                            view.id(),
                            session,
                            "GUILD_CREATE",
                            guildCreate.of(session, joined),
                            guildCreate.sizeEstimate());
        }
    }

    /// Starts or ends an outage; a repeat changes nothing.
    void outage(boolean unavailable, Outputs out) {
        if (view.marks().unavailable() == unavailable) {
            return;
        }
        if (unavailable) {
            // Told before it stands: afterwards nobody is told anything.
            announcer.tell(
                    out,
                    "GUILD_DELETE",
                    GuildCreate.unavailable(view.id()),
                    Telling.of(Scope.EVERYONE, Intents.GUILDS));
            view.marks().setUnavailable(true);
        } else {
            view.marks().setUnavailable(false);
            audience.users().values().forEach(sessions -> sessions.forEach(session -> show(session, false, out)));
        }
    }

    /// Drops the guild: every member has left.
    void gone(Outputs out) {
        List<Long> members = List.copyOf(view.members().keySet());
        view.touchAll();
        audience.touchAll();
        new TreeSet<>(audience.users().keySet()).forEach(audience::drop);
        tools.memberships().left(out, view.id(), members);
    }
}
