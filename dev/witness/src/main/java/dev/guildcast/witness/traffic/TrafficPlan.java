package dev.guildcast.witness.traffic;

import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.model.InitialWorld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// All events to publish, generated before the first one is sent: the same seed, world and size yield the same plan.
///
/// Each guild has one publisher that changes it; another publisher sends messages to the first guild, so that two share
/// one log; one sends direct messages. The events of the last guild's publisher go through the JSON topic.
///
/// @param events by publisher, each in its order
/// @param topicPublisher publisher whose events go through the JSON topic; empty if the world has only one guild
public record TrafficPlan(Map<String, List<PlannedEvent>> events, String topicPublisher) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GUEST = "guest";
    private static final String DIRECT = "direct";

    /// Generates a plan.
    ///
    /// @param clients user ids of the recording clients, who leave, join and receive direct messages
    /// @param perSecond events of all publishers together
    public static TrafficPlan of(long seed, InitialWorld world, List<String> clients, int seconds, int perSecond) {
        var random = new Random(seed);
        var ids = new SeededIds(seed);
        var scripts = new LinkedHashMap<String, GuildScript>();
        int number = 0;
        for (var guild : world.guilds()) {
            scripts.put("guild-" + ++number, new GuildScript((ObjectNode) guild.deepCopy(), clients, random, ids));
        }
        var direct = new DirectMessageScript(world, clients, random, ids);
        var events = new LinkedHashMap<String, List<PlannedEvent>>();
        var publishers = new ArrayList<>(scripts.keySet());
        publishers.add(GUEST);
        publishers.add(DIRECT);
        publishers.forEach(each -> events.put(each, new ArrayList<>()));
        int total = seconds * perSecond;
        for (int i = 0; i < total; i++) {
            long dueMillis = i * 1000L / perSecond;
            String publisher = pickPublisher(publishers, random);
            List<PlannedEvent> publisherEvents = events.getOrDefault(publisher, List.of());
            GuildScript script = scripts.get(publisher);
            EventDraft eventDraft;
            if (script != null) {
                eventDraft = script.next(dueMillis, seconds * 1000L);
            } else if (publisher.equals(GUEST)) {
                eventDraft = scripts.values().iterator().next().guestMessage();
            } else {
                eventDraft = direct.next();
            }
            publisherEvents.add(toPlannedEvent(eventDraft, publisher, publisherEvents.size() + 1, dueMillis));
        }
        String topic = scripts.size() < 2 ? "" : "guild-" + scripts.size();
        return new TrafficPlan(events, topic);
    }

    /// All events in the order in which they are due.
    public List<PlannedEvent> inOrder() {
        return events.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(PlannedEvent::dueMillis))
                .toList();
    }

    /// Weights: six for each guild, two for the guest, one for direct messages.
    private static String pickPublisher(List<String> publishers, Random random) {
        int guilds = publishers.size() - 2;
        int roll = random.nextInt(guilds * 6 + 3);
        if (roll < guilds * 6) {
            return publishers.get(roll / 6);
        }
        return publishers.get(roll < guilds * 6 + 2 ? guilds : guilds + 1);
    }

    private static PlannedEvent toPlannedEvent(EventDraft eventDraft, String publisher, long sequence, long dueMillis) {
        ObjectNode body = eventDraft.body().put(PublishedEvent.MARK, PublishedEvent.mark(publisher, sequence));
        // Parsed again, so that numbers have the same types as in received bodies.
        var read = (ObjectNode) JSON.readTree(body.toString());
        return new PlannedEvent(
                dueMillis,
                publisher,
                sequence,
                eventDraft.scope(),
                eventDraft.guildId(),
                eventDraft.type(),
                read,
                eventDraft.users());
    }
}
