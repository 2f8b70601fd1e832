package dev.guildcast.suite.world;

import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.publish.HttpIngressClient.EventRejection;
import dev.guildcast.suite.world.World.EventText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Publishes a world through ingress.
public final class WorldLoader {
    /// Keeps a request of ordinary events far below the ingress' size limit.
    private static final int EVENTS_PER_REQUEST_MAX = 100;
    /// Below this, a guild is loaded before anyone could read that it is being loaded.
    private static final int REPORTED_MEMBERS_MIN = 1_000;

    private final HttpIngressClient ingress;
    private final Consumer<String> progress;

    /// @param progress receives a sentence before each large guild and at the end of a large world
    public WorldLoader(HttpIngressClient ingress, Consumer<String> progress) {
        this.ingress = ingress;
        this.progress = progress;
    }

    /// Returns when all events are appended; idempotent.
    ///
    /// @return one message per rejected event
    /// @throws IOException if ingress does not respond
    public List<String> load(World world) throws IOException {
        var rejected = new ArrayList<String>();
        int guilds = world.guilds().size();
        long members = world.members();
        long loaded = 0;
        for (int from = 0; from < world.publications(); ) {
            // A guild may be large, so each is sent in a request of its own.
            int to = from < guilds ? from + 1 : Math.min(world.publications(), from + EVENTS_PER_REQUEST_MAX);
            if (from < guilds && world.guilds().get(from).members() >= REPORTED_MEMBERS_MIN) {
                progress.accept(describe(world, from, loaded));
            }
            var events = new ArrayList<EventText>();
            for (int i = from; i < to; i++) {
                events.add(world.publication(i));
            }
            for (var one : ingress.publishAll(events).rejected()) {
                rejected.add(describe(from + one.index(), guilds, one));
            }
            loaded += from < guilds ? world.guilds().get(from).members() : 0;
            from = to;
        }
        if (members >= REPORTED_MEMBERS_MIN) {
            progress.accept("loaded all " + members + " members of " + guilds + " guilds");
        }
        return rejected;
    }

    private static String describe(World world, int index, long loaded) {
        var guild = world.guilds().get(index);
        return String.format(
                Locale.ROOT,
                "loaded %d of %d members; loading guild %d of %d, %s: %d members, %.1f MB",
                loaded,
                world.members(),
                index + 1,
                world.guilds().size(),
                guild.name(),
                guild.members(),
                guild.bytes() / 1e6);
    }

    private static String describe(int index, int guilds, EventRejection rejected) {
        var what = index < guilds ? "guilds[" + index + "]" : "events[" + (index - guilds) + "]";
        return what + (rejected.field().isEmpty() ? "" : " " + rejected.field()) + " was rejected: "
                + rejected.reason();
    }
}
