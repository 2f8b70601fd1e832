package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.ParsedEvents.guild;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.GuildEvent;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private static GuildEvent message(String fields) {
        return guild(
                "MESSAGE_CREATE",
                "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"author\":{\"id\":\"43\"}%s}"
                        .formatted(fields));
    }

    private static String redacted(String fields) {
        return message(fields).getPayloadRedacted().toStringUtf8();
    }

    private static String expected(String fields) {
        return "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"author\":{\"id\":\"43\"}%s}".formatted(fields);
    }

    @Test
    void contentIsBlankedAndAPollLeftOut() {
        assertThat(
                        redacted(
                                ",\"content\":\"secret\",\"poll\":{\"q\":\"secret\"},\"embeds\":[{\"t\":\"secret\"}],"
                                        + "\"attachments\":[{\"url\":\"secret\"}],\"components\":[{\"label\":\"secret\"}],\"tts\":false"))
                .isEqualTo(
                        expected(",\"content\":\"\",\"embeds\":[],\"attachments\":[],\"components\":[],\"tts\":false"));
    }

    @Test
    void onlyWhatIsThereIsBlanked() {
        assertThat(redacted(",\"content\":\"secret\"")).isEqualTo(expected(",\"content\":\"\""));
    }

    @Test
    void aMessageWithoutContentIsTheSameForAll() {
        var event = message(",\"content\":\"\",\"embeds\":[],\"attachments\":[],\"components\":[],\"poll\":null");
        assertThat(event.getPayloadRedacted().isEmpty()).isTrue();
        assertThat(event.getFullRecipientsList()).isEmpty();
    }

    @Test
    void aKeyIsKnownHoweverItIsWritten() {
        assertThat(redacted(",\"\\u0063ontent\":\"secret\"")).isEqualTo(expected(",\"\\u0063ontent\":\"\""));
    }

    @Test
    void messagesWithinMessagesAreBlankedToo() {
        assertThat(
                        redacted(
                                ",\"referenced_message\":{\"id\":\"2\",\"content\":\"secret\",\"referenced_message\":null},"
                                        + "\"message_snapshots\":[{\"message\":{\"content\":\"secret\"},\"guild_id\":\"7\"},{\"x\":1}]"))
                .isEqualTo(
                        expected(
                                ",\"referenced_message\":{\"id\":\"2\",\"content\":\"\",\"referenced_message\":null},"
                                        + "\"message_snapshots\":[{\"message\":{\"content\":\"\"},\"guild_id\":\"7\"},{\"x\":1}]"));
    }

    @Test
    void theAuthorAndMentionedUsersGetTheFullContent() {
        var event = message(",\"content\":\"hi\",\"mentions\":[{\"id\":\"41\",\"username\":\"u\"},{\"id\":43}]");
        assertThat(event.getFullRecipientsList()).containsExactly(43L, 41L);
        assertThat(event.getPayload().toStringUtf8()).contains("\"content\":\"hi\"");
    }

    @Test
    void anEditOfWhichNoAuthorIsKnownIsReadByTheMentionedAlone() {
        var event = guild(
                "MESSAGE_UPDATE",
                "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"content\":\"x\",\"mentions\":[{\"id\":\"41\"}]}");
        assertThat(event.getFullRecipientsList()).containsExactly(41L);
        assertThat(event.getPayloadRedacted().toStringUtf8()).contains("\"content\":\"\"");
    }

    @Test
    void contentMatchedByAutoModerationIsBlanked() {
        var event = guild(
                "AUTO_MODERATION_ACTION_EXECUTION",
                "{\"guild_id\":\"7\",\"rule_id\":\"1\",\"user_id\":\"41\",\"channel_id\":\"8\",\"content\":\"bad\","
                        + "\"matched_keyword\":\"b*\",\"matched_content\":\"bad\"}");
        assertThat(event.getPayloadRedacted().toStringUtf8())
                .isEqualTo(
                        "{\"guild_id\":\"7\",\"rule_id\":\"1\",\"user_id\":\"41\",\"channel_id\":\"8\",\"content\":\"\","
                                + "\"matched_keyword\":\"b*\",\"matched_content\":\"\"}");
        assertThat(event.getFullRecipientsList()).containsExactly(41L);
        assertThat(event.getChannelId()).isEqualTo(8);
    }

    @Test
    void otherEventsAreNeverBlanked() {
        var event = guild("MESSAGE_DELETE", "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"content\":\"x\"}");
        assertThat(event.getPayloadRedacted().isEmpty()).isTrue();
    }
}
