package dev.guildcast.suite.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class WorldTest {
    @TempDir
    Path folder;

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
        var harbour = world.document(world.guilds().getFirst());
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
        for (var each : world.guilds()) {
            var guild = world.document(each);
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
    void publishesGuildsFirstWithStableSequences() throws IOException {
        var world = parse("""
                {"tokens":{},"guilds":[{"id":"1","name":"a"},{"id":"2","unavailable":true}],
                 "events":[{"t":"MESSAGE_CREATE","d":{"id":"3"}}]}""");
        assertThat(published(world))
                .containsExactly(
                        "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"1\",\"name\":\"a\"},\"publisher\":\"world\",\"sequence\":1}",
                        "{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"2\",\"unavailable\":true},\"publisher\":\"world\",\"sequence\":2}",
                        "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"3\"},\"publisher\":\"world\",\"sequence\":3}");
        assertThat(published(world)).isEqualTo(published(world));
    }

    @Test
    void itsTokenFileIsAWorldWithoutGuilds() throws IOException {
        var world = World.read(Optional.empty());
        var tokens = parse(world.tokensJson());
        assertThat(tokens.tokens()).isEqualTo(world.tokens());
        assertThat(tokens.guilds()).isEmpty();
        var copy = folder.resolve("copy.json");
        world.copyTo(copy);
        var again = World.read(Optional.of(copy));
        assertThat(again.digest()).isEqualTo(world.digest());
        assertThat(published(again)).isEqualTo(published(world));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|line 1, column 2: not JSON: ",
                "`{\"tokens\":{}} x`|line 1, column 15: not JSON: ",
                "`{\"tokens\":{}} {}`|line 1, column 15: more follows after the end of the object",
                "[]|line 1, column 1: the file is an array (expected: an object)",
                "{}|w.json: tokens is missing (expected: an object)",
                "`{\"tokens\":[]}`|tokens is an array (expected: an object)",
                "`{\"tokens\":{\"a\":5}}`|tokens.a is 5 (expected: an object)",
                "`{\"tokens\":{\"a\":{}}}`|tokens.a is without user.id (expected: an id as text",
                "`{\"tokens\":{\"a\":{\"user\":{\"id\":5}}}}`|tokens.a.user.id is 5 (expected: an id as text",
                "`{\"tokens\":{\"a\":{\"user\":{\"id\":\"0\"}}}}`|tokens.a.user.id is \"0\" (expected: an id",
                "`{\"tokens\":{\"a\":{\"user\":{\"id\":\"18446744073709551616\"}}}}`"
                        + "|line 1, column 30: tokens.a.user.id is \"18446744073709551616\" (expected: an id as text, 1 to"
                        + " 18446744073709551615)",
                "`{\"tokens\":{\"\":{\"user\":{\"id\":\"1\"}}}}`|(expected: a token that is not empty)",
                "`{\"tokens\":{\"a\":{\"bot\":1}}}`|tokens.a.bot is 1 (expected: true or false)",
                "`{\"tokens\":{\"a\":{\"application\":{\"id\":\"x\"}}}}`|tokens.a.application.id is \"x\" (expected",
                "`{\"tokens\":{\"a\":{\"application\":{\"flags\":9223372036854775808}}}}`"
                        + "|tokens.a.application.flags is 9223372036854775808 (expected: a whole number, 0 to",
                "`{\"tokens\":{\"a\":{\"privileged_intents\":[\"GUILDS\"]}}}`"
                        + "|tokens.a.privileged_intents[0] is \"GUILDS\" (expected: GUILD_MEMBERS,",
                "`{\"tokens\":{},\"guilds\":{}}`|guilds is an object (expected: an array)",
                "`{\"tokens\":{},\"guilds\":[{\"id\":\"x\"}]}`|guilds[0].id is \"x\" (expected: an id",
                "`{\"tokens\":{},\"guilds\":[{}]}`|guilds[0] is without id",
                "`{\"tokens\":{},\"guilds\":[{\"id\":\"1\"},{\"id\":\"1\"}]}`|guilds[1].id is also that of guilds[0]",
                "`{\"tokens\":{},\"guilds\":[{\"id\":\"1\",\"members\":[{\"user\":{\"id\":\"99999999999999999999\"}}]}]}`"
                        + "|guilds[0].members[0].user.id is \"99999999999999999999\"",
                "`{\"tokens\":{},\"guildz\":[]}`|guildz is not part of a world (expected: tokens, guilds or events)",
                "`{\"tokens\":{},\"events\":[{\"t\":\"A\"}]}`|events[0] is incomplete (expected: an object with t and d)",
                "`{\"tokens\":{},\"events\":[{\"t\":\"A\",\"d\":{},\"sequence\":1}]}`|events[0].sequence is given",
            })
    void refusesWhatIsInvalidWithItsPlace(String json, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("w.json")
                .hasMessageContaining(message);
    }

    /// The second one used to replace the first in silence.
    @Test
    void refusesEveryKeyThatComesTwice() {
        var first = "{\"tokens\": {\"a\": {\"user\": {\"id\": \"1\"}},\n\"a\": {\"user\": {\"id\": \"2\"}}}}";
        assertThatThrownBy(() -> parse(first))
                .hasMessageStartingWith("w.json, line 2, ")
                .hasMessageContaining("the key \"a\" comes twice");
        for (var json : List.of(
                "{\"tokens\":{},\"tokens\":{}}",
                "{\"tokens\":{},\"guilds\":[],\"guilds\":[]}",
                "{\"tokens\":{\"a\":{\"user\":{\"id\":\"1\",\"id\":\"2\"}}}}",
                "{\"tokens\":{},\"guilds\":[{\"id\":\"1\",\"roles\":[{\"id\":\"1\",\"name\":\"a\",\"name\":\"b\"}]}]}",
                "{\"tokens\":{},\"events\":[{\"t\":\"A\",\"d\":{\"x\":{\"y\":1,\"y\":1}}}]}")) {
            assertThatThrownBy(() -> parse(json)).as(json).hasMessageContaining("comes twice in one object");
        }
    }

    @Test
    void refusesWhatServicesCannotRepresent() {
        assertThatThrownBy(() -> parse("{\"tokens\":{},\"guilds\":[{\"id\":\"1\",\"name\":\"a\\ud800\"}]}"))
                .hasMessageContaining("guilds[0].name is text with \\ud800, half of a surrogate pair");
        assertThatThrownBy(() -> parse("{\"tokens\":{\"\\udc00\":{}}}")).hasMessageContaining("low surrogate");
        assertThatThrownBy(() -> parse("{\"tokens\":{},\"guilds\":[{\"id\":\"1\",\"x\":[1e400]}]}"))
                .hasMessageContaining("guilds[0].x[0] is 1e400 (expected: a number up to 1.7976931348623157E308)");
        assertThatThrownBy(() ->
                        World.parse("w.json", "{\"tokens\":{\"z\u00fc\":{}}}".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("line 1, column 16")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void keepsWhatItDoesNotInterpretAsItStands() throws IOException {
        var guild =
                "{\"id\":\"1\",\"x\":[0.10000000000000000000000001, 1E5, 123456789012345678901234567890, \"\\u00fc\\uD83D\\uDE00\"]}";
        assertThat(published(parse("{\"tokens\":{},\"guilds\":[" + guild + "]}")))
                .containsExactly("{\"t\":\"GUILD_CREATE\",\"d\":" + guild + ",\"publisher\":\"world\",\"sequence\":1}");
    }

    @Test
    void acceptsAByteOrderMark() throws IOException {
        var world = parse("\ufeff{\"tokens\":{},\"guilds\":[{\"id\":\"1\"}]}");
        assertThat(published(world)).singleElement().asString().contains("\"d\":{\"id\":\"1\"},");
    }

    @Test
    void namesAFileThatCannotBeRead() throws IOException {
        assertThatThrownBy(() -> World.read(Optional.of(Path.of("/nowhere/w.json"))))
                .hasMessage("cannot read the world /nowhere/w.json: there is no such file");
        assertThatThrownBy(() -> World.read(Optional.of(folder))).hasMessageContaining("it is a folder");
    }

    /// As long as its script runs the launcher with a heap of 64 MB.
    @Test
    void aWorldOfAnySizeNeedsLittleMemory() throws Exception {
        var file = LargeWorlds.write(folder.resolve("large.json"), 4, 50_000);
        assertThat(Files.size(file)).isGreaterThan(30_000_000);
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeWorlds.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("200000 members, 1 user in 4 guilds, " + "sent true");
    }

    private static List<String> published(World world) throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < world.publications(); i++) {
            var out = new ByteArrayOutputStream();
            world.publication(i).writeTo(out);
            assertThat(out.size()).isEqualTo((int) world.publication(i).bytes());
            lines.add(out.toString(StandardCharsets.UTF_8));
        }
        return lines;
    }

    private static World parse(String json) throws IOException {
        return World.parse("w.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> ids(JsonNode nodes) {
        Set<String> ids = new HashSet<>();
        nodes.forEach(node -> ids.add(node.path("id").stringValue()));
        return ids;
    }

    @Test
    void computesMembershipsAfterItsEvents() throws IOException {
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
                   {"t": "MESSAGE_CREATE", "d": {"guild_id": "no id"}}]}""";
        assertThat(World.parse("w.json", json.getBytes(StandardCharsets.UTF_8)).memberships())
                .isEqualTo(Map.of(1L, Set.of(10L, 13L), 2L, Set.of(11L, 14L)));
    }
}
