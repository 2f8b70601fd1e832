package dev.guildcast.witness.traffic;

import dev.guildcast.witness.Publication;
import dev.guildcast.witness.model.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What will be published, all of it worked out before the first event: the same seed, world and size give the same
/// plan.
///
/// Each guild has one publisher that changes it; one more publisher sends messages into the first guild, so that two
/// meet in one log; one sends direct messages. The last guild's publisher is meant for the JSON topic.
///
/// @param events by publisher, each in its order
/// @param topicPublisher whose events go through the JSON topic; empty if the world has one guild only
public record Plan(Map<String, List<PlannedEvent>> events, String topicPublisher) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GUEST = "guest";
    private static final String DIRECT = "direct";

    /// Works a plan out.
    ///
    /// @param clients user ids of those who watch: they are the ones who leave and join and are written to
    /// @param perSecond events, of all publishers together
    public static Plan of(long seed, World world, List<String> clients, int seconds, int perSecond) {
        var random = new Random(seed);
        var ids = new Ids(seed);
        var scripts = new LinkedHashMap<String, GuildScript>();
        int number = 0;
        for (var guild : world.guilds()) {
            scripts.put("guild-" + ++number, new GuildScript((ObjectNode) guild.deepCopy(), clients, random, ids));
        }
        var direct = new DirectScript(world, clients, random, ids);
        var events = new LinkedHashMap<String, List<PlannedEvent>>();
        var publishers = new ArrayList<>(scripts.keySet());
        publishers.add(GUEST);
        publishers.add(DIRECT);
        publishers.forEach(each -> events.put(each, new ArrayList<>()));
        int total = seconds * perSecond;
        for (int i = 0; i < total; i++) {
            long due = i * 1000L / perSecond;
            String publisher = pick(publishers, random);
            List<PlannedEvent> own = events.getOrDefault(publisher, List.of());
            GuildScript script = scripts.get(publisher);
            Draft draft;
            if (script != null) {
                draft = script.next(due, seconds * 1000L);
            } else if (publisher.equals(GUEST)) {
                draft = scripts.values().iterator().next().messageOfGuest();
            } else {
                draft = direct.next();
            }
            own.add(finish(draft, publisher, own.size() + 1, due));
        }
        String topic = scripts.size() < 2 ? "" : "guild-" + scripts.size();
        return new Plan(events, topic);
    }

    /// All events in the order in which they are due.
    public List<PlannedEvent> inOrder() {
        return events.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(PlannedEvent::dueMillis))
                .toList();
    }

    /// Guilds get most of it: six parts each, against two of the guest's and one of direct messages.
    private static String pick(List<String> publishers, Random random) {
        int guilds = publishers.size() - 2;
        int ticket = random.nextInt(guilds * 6 + 3);
        if (ticket < guilds * 6) {
            return publishers.get(ticket / 6);
        }
        return publishers.get(ticket < guilds * 6 + 2 ? guilds : guilds + 1);
    }

    private static PlannedEvent finish(Draft draft, String publisher, long sequence, long due) {
        ObjectNode body = draft.body().put(Publication.MARK, Publication.mark(publisher, sequence));
        // Numbers get the types that they will have when they are read back.
        var read = (ObjectNode) JSON.readTree(body.toString());
        return new PlannedEvent(
                due, publisher, sequence, draft.scope(), draft.guildId(), draft.type(), read, draft.users());
    }
}
