package dev.guildcast.witness.traffic;

import dev.guildcast.witness.model.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Direct messages of people to the clients.
final class DirectScript {
    private final List<String> clients;
    private final List<JsonNode> people = new ArrayList<>();
    private final Random random;
    private final Messages messages;

    DirectScript(World world, List<String> clients, Random random, Ids ids) {
        this.clients = List.copyOf(clients);
        this.random = random;
        this.messages = new Messages(random, ids);
        for (JsonNode guild : world.guilds()) {
            for (JsonNode member : guild.path("members")) {
                JsonNode user = member.path("user");
                if (!clients.contains(user.path("id").asString("")) && !people.contains(user)) {
                    people.add(user);
                }
            }
        }
        if (people.isEmpty() || clients.isEmpty()) {
            throw new IllegalArgumentException("a world without clients, or without members beside them");
        }
    }

    Draft next() {
        String to = clients.get(random.nextInt(clients.size()));
        JsonNode from = people.get(random.nextInt(people.size()));
        // One channel for each pair, as a backend would have it.
        String channel = Long.toString(
                Long.parseLong(to) / 2 + Long.parseLong(from.path("id").asString("0")) / 2);
        ObjectNode body = messages.create(channel, from).put("channel_type", 1);
        return new Draft(channel, "", "MESSAGE_CREATE", body, List.of(to));
    }
}
