package dev.guildcast.witness.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The content of a world file: who may log in, and the guilds that exist.
///
/// @param logins in the order of the file
/// @param guilds complete guild objects, as they are published
public record InitialWorld(List<Login> logins, List<JsonNode> guilds) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// One token.
    ///
    /// @param privileged names of the privileged intents that are granted
    public record Login(String token, String userId, String name, boolean bot, Set<String> privileged) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static InitialWorld read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the world file " + file, e);
        }
    }

    public static InitialWorld parse(String text) {
        JsonNode json = JSON.readTree(text);
        var logins = new ArrayList<Login>();
        json.path("tokens").properties().forEach(entry -> logins.add(login(entry.getKey(), entry.getValue())));
        var guilds = new ArrayList<JsonNode>();
        for (JsonNode guild : json.path("guilds")) {
            if (!guild.path("unavailable").asBoolean(false)) {
                guilds.add(guild);
            }
        }
        return new InitialWorld(List.copyOf(logins), List.copyOf(guilds));
    }

    public List<GuildState> states() {
        return guilds.stream().map(GuildState::of).toList();
    }

    private static Login login(String token, JsonNode entry) {
        var privileged = new HashSet<String>();
        entry.path("privileged_intents").forEach(each -> privileged.add(each.asString()));
        JsonNode user = entry.path("user");
        return new Login(
                token,
                GuildState.id(user, "id"),
                user.path("username").asString("?"),
                entry.path("bot").asBoolean(false),
                Set.copyOf(privileged));
    }
}
