package dev.guildcast.system.process;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/// Events as a backend publishes them, one per line.
final class EventLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    private static final AtomicLong IDS = new AtomicLong(System.currentTimeMillis() - EPOCH_MILLIS << 22);

    private EventLines() {}

    /// A message by ben.
    static String message(String guild, String channel, String content) {
        var event = JSON.createObjectNode().put("t", "MESSAGE_CREATE");
        var message = event.putObject("d");
        message.put("id", Long.toString(IDS.incrementAndGet()))
                .put("guild_id", guild)
                .put("channel_id", channel)
                .put("content", content)
                .put("timestamp", TIME.format(Instant.now()))
                .putNull("edited_timestamp")
                .put("tts", false)
                .put("mention_everyone", false)
                .put("pinned", false)
                .put("type", 0)
                .put("flags", 0);
        message.putObject("author")
                .put("id", "1300000004202692608")
                .put("username", "ben")
                .put("discriminator", "0")
                .putNull("avatar");
        message.putObject("member")
                .put("joined_at", "2026-01-05T09:02:00.000000+00:00")
                .put("deaf", false)
                .put("mute", false)
                .put("flags", 0)
                .putArray("roles");
        for (var list : new String[] {"mentions", "mention_roles", "attachments", "embeds"}) {
            message.putArray(list);
        }
        return event.toString();
    }
}
