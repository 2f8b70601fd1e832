package dev.guildcast.benchmark.apply;

import com.google.protobuf.ByteString;
import java.util.Locale;

/// A message of typical length, as a backend publishes it.
final class ChatMessage {
    private static final String CONTENT =
            "The ferry to the island leaves at nine, and whoever wants to come should be at "
                    + "the pier ten minutes before. Bring something warm.";

    private ChatMessage() {}

    /// @param id of the message; all have the same length
    static ByteString json(long guild, long channel, long author, long id) {
        return ByteString.copyFromUtf8(String.format(
                Locale.ROOT,
                """
                {"id":"%s","guild_id":"%s","channel_id":"%s","author":{"id":"%s","username":"harbour-master",\
                "discriminator":"0","global_name":"Harbour Master","avatar":null},"member":{"roles":["%s"],\
                "joined_at":"2026-01-05T09:02:00.000000+00:00","deaf":false,"mute":false,"flags":0},"content":"%s",\
                "timestamp":"2026-11-01T12:00:00.000000+00:00","edited_timestamp":null,"tts":false,\
                "mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,\
                "type":0,"flags":0}""",
                unsigned(id),
                unsigned(guild),
                unsigned(channel),
                unsigned(author),
                unsigned(guild),
                CONTENT));
    }

    private static String unsigned(long id) {
        return Long.toUnsignedString(id);
    }
}
