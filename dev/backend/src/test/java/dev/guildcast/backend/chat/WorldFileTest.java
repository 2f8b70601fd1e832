package dev.guildcast.backend.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldFileTest {
    @TempDir
    Path folder;

    @Test
    void findsUsersWithATokenAndMembers() throws IOException {
        var file = Files.writeString(folder.resolve("w.json"), """
                {"guilds": [{"members": [{"user": {"id": "2", "username": "b"}, "nick": "bee"}], "id": "9",
                 "channels": [{"id": "5"}]}, {"id": "8", "unavailable": true}],
                 "events": [{"t": "A", "d": {}}],
                 "tokens": {"t": {"user": {"id": "1", "username": "a"}}}}""");
        var chat = new ChatStore(WorldFile.read(file), 10);
        assertThat(chat.user("1"))
                .hasValueSatisfying(
                        user -> assertThat(user.path("username").asString()).isEqualTo("a"));
        assertThat(chat.user("2"))
                .hasValueSatisfying(
                        user -> assertThat(user.path("username").asString()).isEqualTo("b"));
        assertThat(chat.user("3")).isEmpty();
        var channel = chat.channel("5").orElseThrow();
        assertThat(channel.guildId()).isEqualTo("9");
        assertThat(channel.member("2"))
                .hasValueSatisfying(
                        member -> assertThat(member.path("nick").asString()).isEqualTo("bee"));
        assertThat(channel.member("1")).isEmpty();
        assertThat(chat.guild("8")).isPresent();
    }

    /// The backend's heap is 128 MB, and a tree of these members takes more.
    @Test
    void aGuildOfManyMembersFitsTheBackendsHeap() throws Exception {
        var file = folder.resolve("large.json");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("{\"tokens\":{},\"guilds\":[{\"id\":\"1\",\"members\":[");
            for (int i = 1; i <= 100_000; i++) {
                out.write(
                        (i == 1 ? "" : ",") + "{\"user\":{\"id\":\"" + i + "\",\"username\":\"member" + i
                                + "\",\"discriminator\":\"0\",\"avatar\":null,\"global_name\":\"Member number " + i
                                + "\"},\"roles\":[],\"joined_at\":\"2024-01-01T00:00:00.000000+00:00\",\"deaf\":false,\"mute\":false}");
            }
            out.write("]}]}");
        }
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        // What is left of it beside the framework.
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorldFileTest.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("member100000");
    }

    public static void main(String... args) throws IOException {
        var chat = new ChatStore(WorldFile.read(Path.of(args[0])), 10);
        System.out.println(chat.user("100000").orElseThrow().path("username").asString());
    }
}
