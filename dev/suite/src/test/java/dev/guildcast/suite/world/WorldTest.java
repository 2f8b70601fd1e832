package dev.guildcast.suite.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WorldTest {
    @Test
    void theSmallWorldHasWhatItPromises() {
        var world = World.read(Optional.empty());
        assertThat(world.tokens().values().stream()
                        .filter(token -> token.path("bot").asBoolean()))
                .hasSize(2);
        assertThat(world.tokens().values().stream()
                        .filter(token -> !token.path("bot").asBoolean()))
                .hasSize(5);
        assertThat(world.guilds()).hasSize(2);
        var harbour = world.guilds().getFirst();
        assertThat(harbour.path("roles").size()).isGreaterThan(1);
        assertThat(harbour.path("channels").values())
                .anyMatch(channel -> channel.path("type").asInt() == 2);
        assertThat(harbour.path("channels").values())
                .anyMatch(channel -> channel.path("permission_overwrites").values().stream()
                        .anyMatch(overwrite -> overwrite.path("id").equals(harbour.path("id"))
                                && (overwrite.path("deny").asLong(0) & 1 << 10) != 0));
    }

    @Test
    void theSmallWorldIsConsistent() {
        var world = World.read(Optional.empty());
        Set<String> users = new HashSet<>();
        world.tokens()
                .values()
                .forEach(token -> users.add(token.path("user").path("id").stringValue()));
        for (var guild : world.guilds()) {
            Set<String> roles = ids(guild.path("roles"));
            Set<String> channels = ids(guild.path("channels"));
            assertThat(roles).contains(guild.path("id").stringValue());
            assertThat(users).contains(guild.path("owner_id").stringValue());
            assertThat(guild.path("member_count").asInt())
                    .isEqualTo(guild.path("members").size());
            for (var member : guild.path("members")) {
                assertThat(users).contains(member.path("user").path("id").stringValue());
                member.path("roles").forEach(role -> assertThat(roles).contains(role.stringValue()));
            }
            for (var channel : guild.path("channels")) {
                assertThat(channel.path("parent_id").isNull()
                                || channels.contains(channel.path("parent_id").stringValue()))
                        .isTrue();
            }
        }
    }

    @Test
    void publishesGuildsFirstWithStableSequences() {
        var world = parse("""
                {"tokens":{},"guilds":[{"id":"1","name":"a"},{"id":"2","unavailable":true}],
                 "events":[{"t":"MESSAGE_CREATE","d":{"id":"3"}}]}""");
        assertThat(world.publications())
                .map(JsonNode::toString)
                .containsExactly(
                        "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"1\",\"name\":\"a\"},\"publisher\":\"world\",\"sequence\":1}",
                        "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"2\",\"unavailable\":true},\"publisher\":\"world\",\"sequence\":2}",
                        "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"3\"},\"publisher\":\"world\",\"sequence\":3}");
        assertThat(world.publications()).isEqualTo(world.publications());
    }

    @Test
    void itsTokenFileIsAWorldWithoutGuilds() {
        var world = World.read(Optional.empty());
        var tokens = parse(world.tokensJson());
        assertThat(tokens.tokens()).isEqualTo(world.tokens());
        assertThat(tokens.guilds()).isEmpty();
        assertThat(parse(world.toJson())).isEqualTo(world);
    }

    @Test
    void reportsWhatIsInvalidAndWhere() {
        assertThatThrownBy(() -> parse("{")).hasMessageStartingWith("w.json is not JSON: ");
        assertThatThrownBy(() -> parse("[]")).hasMessage("w.json: the file is not an object");
        assertThatThrownBy(() -> parse("{}")).hasMessage("w.json: tokens is not an object");
        assertThatThrownBy(() -> parse("{\"tokens\":{\"a\":{\"user\":{\"id\":5}}}}"))
                .hasMessage("w.json: tokens.*.user.id is not an id as text, for each token");
        assertThatThrownBy(() -> parse("{\"tokens\":{},\"guilds\":{}}")).hasMessage("w.json: guilds is not an array");
        assertThatThrownBy(() -> parse("{\"tokens\":{},\"guilds\":[{\"id\":\"x\"}]}"))
                .hasMessage("w.json: guilds[0].id is not an id as text");
        assertThatThrownBy(() -> parse("{\"tokens\":{},\"events\":[{\"t\":\"A\"}]}"))
                .hasMessage("w.json: events[0] is not an object with t and d");
        assertThatThrownBy(() -> World.read(Optional.of(Path.of("/nowhere/w.json"))))
                .hasMessageContaining("cannot read the world /nowhere/w.json");
    }

    private static World parse(String json) {
        return World.parse("w.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> ids(JsonNode nodes) {
        Set<String> ids = new HashSet<>();
        nodes.forEach(node -> ids.add(node.path("id").stringValue()));
        return ids;
    }

    @Test
    void computesMembershipsAfterItsEvents() {
        var json = """
                {"tokens": {"a": {"user": {"id": "1"}}, "b": {"user": {"id": "2"}}, "c": {"user": {"id": "3"}}},
                 "guilds": [
                   {"id": "10", "members": [{"user": {"id": "1"}}, {"user": {"id": "9"}}]},
                   {"id": "11", "members": [{"user": {"id": "1"}}, {"user": {"id": "2"}}]},
                   {"id": "12", "members": [{"user": {"id": "2"}}]},
                   {"id": "13", "unavailable": true}],
                 "events": [
                   {"t": "GUILD_MEMBER_REMOVE", "d": {"guild_id": "11", "user": {"id": "1"}}},
                   {"t": "GUILD_MEMBER_ADD", "d": {"guild_id": "13", "user": {"id": "1"}}},
                   {"t": "GUILD_DELETE", "d": {"id": "12"}},
                   {"t": "GUILD_DELETE", "d": {"id": "11", "unavailable": true}},
                   {"t": "GUILD_CREATE", "d": {"id": "14", "members": [{"user": {"id": "2"}}]}},
                   {"t": "MESSAGE_CREATE", "d": {"guild_id": "99999999999999999999"}}]}""";
        assertThat(World.parse("w.json", json.getBytes(StandardCharsets.UTF_8)).memberships())
                .isEqualTo(Map.of(1L, Set.of(10L, 13L), 2L, Set.of(11L, 14L)));
    }
}
