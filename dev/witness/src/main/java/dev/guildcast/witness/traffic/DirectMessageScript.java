package dev.guildcast.witness.traffic;

import dev.guildcast.witness.model.InitialWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Generates direct messages of human users to the clients.
final class DirectMessageScript {
    private final List<String> clients;
    private final List<JsonNode> people = new ArrayList<>();
    private final Random random;
    private final MessageFactory messages;

    DirectMessageScript(InitialWorld world, List<String> clients, Random random, SeededIds ids) {
        this.clients = List.copyOf(clients);
        this.random = random;
        this.messages = new MessageFactory(random, ids);
        for (JsonNode guild : world.guilds()) {
            for (JsonNode member : guild.path("members")) {
                JsonNode user = member.path("user");
                if (!clients.contains(user.path("id").asString("")) && !people.contains(user)) {
                    people.add(user);
                }
            }
        }
        if (people.isEmpty() || clients.isEmpty()) {
            throw new IllegalArgumentException("no clients, or no members other than clients (expected: one of each)");
        }
    }

    EventDraft next() {
        String to = clients.get(random.nextInt(clients.size()));
        JsonNode from = people.get(random.nextInt(people.size()));
        // One channel per pair of users, as in a backend.
        long sender = Long.parseUnsignedLong(from.path("id").asString("0"));
        String channel = Long.toUnsignedString((Long.parseUnsignedLong(to) >>> 1) + (sender >>> 1));
        ObjectNode body = messages.create(channel, from).put("channel_type", 1);
        return new EventDraft(channel, "", "MESSAGE_CREATE", body, List.of(to));
    }
}
