package dev.guildcast.backend.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The users and guilds of a world file, read in one pass.
///
/// - **Owner:** immutable; any thread.
/// - **Bound:** a member takes its length in the file and a hundred bytes, where a tree would take ten times its
/// length.
///
/// @param users those that have a token
public record WorldFile(List<JsonNode> users, List<Guild> guilds) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /// A guild of the world.
    ///
    /// @param document as in `GUILD_CREATE`, without its members
    /// @param members the document of each, by user
    public record Guild(ObjectNode document, Map<String, byte[]> members) {
        public String id() {
            return document.path("id").asString("");
        }

        public boolean hasMember(String user) {
            return members.containsKey(user);
        }

        /// The member document of a user; empty for a user who is not a member.
        public Optional<JsonNode> member(String user) {
            return Optional.ofNullable(members.get(user)).map(MAPPER::readTree);
        }
    }

    /// @throws tools.jackson.core.JacksonException if it is not JSON
    public static WorldFile read(Path file) throws IOException {
        var users = new ArrayList<JsonNode>();
        var guilds = new ArrayList<Guild>();
        try (var parser = MAPPER.createParser(Files.newInputStream(file))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var part = parser.currentName();
                parser.nextToken();
                switch (part) {
                    case "tokens" -> {
                        JsonNode tokens = parser.readValueAsTree();
                        tokens.values().forEach(token -> users.add(token.path("user")));
                    }
                    case "guilds" -> {
                        while (parser.nextToken() == JsonToken.START_OBJECT) {
                            guilds.add(readGuild(parser));
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
        }
        return new WorldFile(List.copyOf(users), List.copyOf(guilds));
    }

    private static Guild readGuild(JsonParser parser) {
        var document = MAPPER.createObjectNode();
        var members = new HashMap<String, byte[]>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var key = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY && key.equals("members")) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    JsonNode member = parser.readValueAsTree();
                    members.putIfAbsent(member.path("user").path("id").asString(""), MAPPER.writeValueAsBytes(member));
                }
            } else {
                JsonNode value = parser.readValueAsTree();
                document.set(key, value);
            }
        }
        return new Guild(document, members);
    }
}
