package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A world of one guild with one channel and one bot per client.
final class BenchmarkWorld {
    static final String GUILD = "1300000000004194304";
    static final String CHANNEL = "1300000000427819008";
    /// Ids that lie in no other world.
    private static final long FIRST_BOT = 1_300_000_004_617_928_704L;

    private BenchmarkWorld() {}

    static Path write(Path file, int clients) {
        String tokens = IntStream.range(0, clients)
                .mapToObj(i -> "\"" + token(i) + "\":{\"user\":" + user(i) + ",\"bot\":true,\"application\":{\"id\":\""
                        + id(i) + "\",\"flags\":0},"
                        + "\"privileged_intents\":[\"MESSAGE_CONTENT\"]}")
                .collect(Collectors.joining(",\n"));
        String members = IntStream.range(0, clients)
                .mapToObj(i -> "{\"user\":" + user(i)
                        + ",\"roles\":[],\"joined_at\":\"2026-01-05T09:02:00.000000+00:00\",\"deaf\":false,"
                        + "\"mute\":false,\"flags\":0}")
                .collect(Collectors.joining(",\n"));
        // VIEW_CHANNEL, SEND_MESSAGES and READ_MESSAGE_HISTORY for everyone.
        String text = String.format(Locale.ROOT, """
                {"tokens":{%s},
                "guilds":[{"id":"%s","name":"Bench","owner_id":"%s","roles":[{"id":"%s","name":"@everyone",\
                "permissions":"68608","position":0,"color":0,"hoist":false,"managed":false,"mentionable":false}],
                "channels":[{"id":"%s","type":0,"name":"general","position":0,"permission_overwrites":[]}],
                "threads":[],"voice_states":[],"members":[%s]}],"events":[]}
                """, tokens, GUILD, id(0), GUILD, CHANNEL, members);
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static List<String> tokens(int clients) {
        return IntStream.range(0, clients).mapToObj(BenchmarkWorld::token).toList();
    }

    /// A message whose content carries the time at which it was due.
    static String message(long number, long dueNanos) {
        String id = Long.toUnsignedString(FIRST_BOT + (1L << 40) + number);
        return String.format(
                Locale.ROOT,
                "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"%s\",\"guild_id\":\"%s\",\"channel_id\":\"%s\","
                        + "\"author\":%s,\"content\":\"due=%d; the ferry to the island leaves at nine, and whoever "
                        + "wants to come should be at the pier ten minutes before.\",\"timestamp\":"
                        + "\"2026-11-01T12:00:00.000000+00:00\",\"edited_timestamp\":null,\"tts\":false,"
                        + "\"mention_everyone\":false,\"mentions\":[],\"mention_roles\":[],\"attachments\":[],"
                        + "\"embeds\":[],\"pinned\":false,\"type\":0,\"flags\":0}}",
                id,
                GUILD,
                CHANNEL,
                user(0),
                dueNanos);
    }

    private static String id(int index) {
        return Long.toUnsignedString(FIRST_BOT + index);
    }

    private static String token(int index) {
        return "bench.local.bot" + index;
    }

    private static String user(int index) {
        return "{\"id\":\"" + id(index) + "\",\"username\":\"bot" + index
                + "\",\"discriminator\":\"0001\",\"global_name\":null,\"avatar\":null,\"bot\":true}";
    }
}
