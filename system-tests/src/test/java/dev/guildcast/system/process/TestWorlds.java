package dev.guildcast.system.process;

import dev.guildcast.witness.model.InitialWorld;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The small world that `up` loads, and that of the demo, which traffic may change freely.
///
/// @param file a file with both
/// @param small users, bots and guilds that tests know by name
/// @param busy guilds for planned traffic
record TestWorlds(Path file, InitialWorld small, InitialWorld busy) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static TestWorlds writeInto(Path folder) {
        var small = resource("/world.json");
        var busy = resource("/dev/guildcast/demo/world.json");
        var both = small.deepCopy();
        ((ObjectNode) both.path("tokens")).setAll((ObjectNode) busy.path("tokens"));
        ((ArrayNode) both.path("guilds")).addAll((ArrayNode) busy.path("guilds"));
        try {
            Files.createDirectories(folder);
            var file = Files.writeString(folder.resolve("worlds.json"), both.toString());
            return new TestWorlds(file, InitialWorld.parse(small.toString()), InitialWorld.parse(busy.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The user or bot of the small world with this name.
    InitialWorld.Login login(String name) {
        return small.logins().stream()
                .filter(login -> login.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The first guild of the small world, of which everybody is a member.
    JsonNode harbour() {
        return small.guilds().getFirst();
    }

    String harbourId() {
        return harbour().path("id").asString();
    }

    /// Id of a channel of the first guild.
    String channel(String name) {
        return harbour().path("channels").values().stream()
                .filter(channel -> channel.path("name").asString("").equals(name))
                .map(channel -> channel.path("id").asString())
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode resource(String name) {
        try (InputStream in = TestWorlds.class.getResourceAsStream(name)) {
            return (ObjectNode) JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
