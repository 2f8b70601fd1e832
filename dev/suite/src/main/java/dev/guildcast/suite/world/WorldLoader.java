package dev.guildcast.suite.world;

import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.publish.HttpIngressClient.EventRejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Publishes a world through ingress.
public final class WorldLoader {
    /// Keeps a request of ordinary events far below the ingress' size limit.
    private static final int EVENTS_PER_REQUEST_MAX = 100;

    private final HttpIngressClient ingress;

    public WorldLoader(HttpIngressClient ingress) {
        this.ingress = ingress;
    }

    /// Returns when all events are appended; idempotent.
    ///
    /// @return one message per rejected event
    /// @throws IOException if ingress does not respond
    public List<String> load(World world) throws IOException {
        var rejected = new ArrayList<String>();
        var all = world.publications();
        int guilds = world.guilds().size();
        for (int from = 0; from < all.size(); ) {
            // A guild may be large, so each is sent in a request of its own.
            int to = from < guilds ? from + 1 : Math.min(all.size(), from + EVENTS_PER_REQUEST_MAX);
            var lines = all.subList(from, to).stream().map(Object::toString).toList();
            for (var one : ingress.publish(lines).rejected()) {
                rejected.add(describe(from + one.index(), guilds, one));
            }
            from = to;
        }
        return rejected;
    }

    private static String describe(int index, int guilds, EventRejection rejected) {
        var what = index < guilds ? "guilds[" + index + "]" : "events[" + (index - guilds) + "]";
        return what + (rejected.field().isEmpty() ? "" : " " + rejected.field()) + " was rejected: "
                + rejected.reason();
    }
}
