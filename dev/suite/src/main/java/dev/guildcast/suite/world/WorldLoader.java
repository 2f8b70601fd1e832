package dev.guildcast.suite.world;

import dev.guildcast.suite.publish.IngressClient;
import dev.guildcast.suite.publish.IngressClient.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Publishes a world through the ingress.
public final class WorldLoader {
    private static final int EVENTS_A_REQUEST = 100;

    private final IngressClient ingress;

    public WorldLoader(IngressClient ingress) {
        this.ingress = ingress;
    }

    /// Returns when all is appended; may be called again, and then changes nothing.
    ///
    /// @return what was refused, a sentence each
    /// @throws IOException if the ingress does not answer
    public List<String> load(World world) throws IOException {
        var refused = new ArrayList<String>();
        var all = world.toPublish();
        int guilds = world.guilds().size();
        for (int from = 0; from < all.size(); ) {
            // A guild may be large, so each has a request of its own.
            int to = from < guilds ? from + 1 : Math.min(all.size(), from + EVENTS_A_REQUEST);
            var lines = all.subList(from, to).stream().map(Object::toString).toList();
            for (var one : ingress.publish(lines).refused()) {
                refused.add(sentence(from + one.index(), guilds, one));
            }
            from = to;
        }
        return refused;
    }

    private static String sentence(int index, int guilds, Refused refused) {
        var what = index < guilds ? "guilds[" + index + "]" : "events[" + (index - guilds) + "]";
        return what + (refused.field().isEmpty() ? "" : " " + refused.field()) + " was refused: " + refused.reason();
    }
}
