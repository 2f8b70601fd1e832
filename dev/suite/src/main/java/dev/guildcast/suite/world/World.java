package dev.guildcast.suite.world;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The users, guilds and first events that a suite starts with.
///
/// The file is one JSON object:
/// ```
/// {"tokens": {"<token>": {"user": {…}, "bot": true, "application": {"id", "flags"},
///    "privileged_intents": ["GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT"]}},
///  "guilds": [{…}], "events": [{"t", "d"}]}
/// ```
/// A guild is a whole document as in `GUILD_CREATE`, with roles, channels, members, threads and voice states, or
/// `{"id", "unavailable": true}`, which starts in outage. `events` may be omitted; they have the form that ingress
/// accepts.
///
/// @param tokens by token
/// @param guilds in the order of the file
/// @param events in the order of the file
public record World(ObjectNode tokens, List<JsonNode> guilds, List<JsonNode> events) {
    /// The publisher name under which a world is loaded.
    public static final String PUBLISHER = "world";

    private static final JsonMapper MAPPER = new JsonMapper();

    public World {
        guilds = List.copyOf(guilds);
        events = List.copyOf(events);
    }

    /// @param file empty for the bundled small world
    /// @throws IllegalArgumentException if it is invalid; the message is for the user and names the path of the invalid
    ///     value
    public static World read(Optional<Path> file) {
        try {
            if (file.isPresent()) {
                return parse(file.get().toString(), Files.readAllBytes(file.get()));
            }
            try (InputStream bundled = World.class.getResourceAsStream("/world.json")) {
                return parse("world.json", bundled == null ? new byte[0] : bundled.readAllBytes());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the world " + file.map(Path::toString).orElse("") + ": " + e, e);
        }
    }

    static World parse(String name, byte[] json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(name + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw invalid(name, "", "an object");
        }
        if (!(object.path("tokens") instanceof ObjectNode tokens)) {
            throw invalid(name, "tokens", "an object");
        }
        tokens.properties().forEach(entry -> {
            if (!isId(entry.getValue().path("user").path("id"))) {
                throw invalid(name, "tokens.*.user.id", "an id as text, for each token");
            }
        });
        var guilds = list(name, object, "guilds");
        for (int i = 0; i < guilds.size(); i++) {
            if (!isId(guilds.get(i).path("id"))) {
                throw invalid(name, "guilds[" + i + "].id", "an id as text");
            }
        }
        var events = list(name, object, "events");
        for (int i = 0; i < events.size(); i++) {
            if (!events.get(i).path("t").isString() || !events.get(i).path("d").isObject()) {
                throw invalid(name, "events[" + i + "]", "an object with t and d");
            }
        }
        return new World(tokens, guilds, events);
    }

    private static List<JsonNode> list(String name, ObjectNode object, String field) {
        var node = object.path(field);
        if (!node.isMissingNode() && !node.isArray()) {
            throw invalid(name, field, "an array");
        }
        return node.values().stream().toList();
    }

    private static boolean isId(JsonNode node) {
        return node.isString() && node.stringValue().matches("[0-9]{1,20}");
    }

    private static IllegalArgumentException invalid(String name, String path, String expected) {
        return new IllegalArgumentException(name + ": " + (path.isEmpty() ? "the file" : path) + " is not " + expected);
    }

    /// The token file of the gateways.
    public String tokensJson() {
        return JsonNodeFactory.instance.objectNode().set("tokens", tokens).toPrettyString();
    }

    /// The whole world in the form of its file.
    public String toJson() {
        var file = JsonNodeFactory.instance.objectNode();
        file.set("tokens", tokens);
        file.putArray("guilds").addAll(guilds);
        file.putArray("events").addAll(events);
        return file.toPrettyString();
    }

    /// All events that create the world, in order: the guilds, then the events.
    ///
    /// The index of each is its publisher sequence, so that loading the same file again changes nothing.
    public List<ObjectNode> publications() {
        var all = new ArrayList<ObjectNode>();
        for (var guild : guilds) {
            var event = JsonNodeFactory.instance.objectNode();
            event.put("t", "GUILD_CREATE");
            event.set("d", guild);
            all.add(event);
        }
        events.forEach(event -> all.add((ObjectNode) event.deepCopy()));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).put("publisher", PUBLISHER).put("sequence", i + 1);
        }
        return all;
    }

    /// The guilds of each user with a token once all events are applied; without users who are in none.
    public Map<Long, Set<Long>> memberships() {
        var members = new LinkedHashMap<Long, Set<Long>>();
        guilds.forEach(guild -> addMembers(members, guild.path("id"), guild.path("members")));
        for (var event : events) {
            var data = event.path("d");
            switch (event.path("t").stringValue()) {
                case "GUILD_CREATE" -> addMembers(members, data.path("id"), data.path("members"));
                case "GUILD_MEMBER_ADD" ->
                    membersOf(members, data.path("guild_id"))
                            .add(id(data.path("user").path("id")));
                case "GUILD_MEMBER_REMOVE" ->
                    membersOf(members, data.path("guild_id"))
                            .remove(id(data.path("user").path("id")));
                case "GUILD_DELETE" -> {
                    if (!data.path("unavailable").asBoolean(false)) {
                        membersOf(members, data.path("id")).clear();
                    }
                }
                default -> {
                    // Changes no memberships.
                }
            }
        }
        var byUser = new LinkedHashMap<Long, Set<Long>>();
        for (var token : tokens.values()) {
            long user = id(token.path("user").path("id"));
            members.forEach((guild, users) -> {
                if (users.contains(user)) {
                    byUser.computeIfAbsent(user, any -> new LinkedHashSet<>()).add(guild);
                }
            });
        }
        return byUser;
    }

    private static void addMembers(Map<Long, Set<Long>> members, JsonNode guild, JsonNode joining) {
        for (var member : joining.values()) {
            membersOf(members, guild).add(id(member.path("user").path("id")));
        }
    }

    private static Set<Long> membersOf(Map<Long, Set<Long>> members, JsonNode guild) {
        return members.computeIfAbsent(id(guild), any -> new LinkedHashSet<>());
    }

    /// An id, or 0 if it is invalid: ingress rejects it.
    private static long id(JsonNode node) {
        try {
            return isId(node) ? Long.parseUnsignedLong(node.stringValue()) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
