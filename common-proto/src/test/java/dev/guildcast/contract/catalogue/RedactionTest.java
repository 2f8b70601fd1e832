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

    /// A reply by 43 that mentions 41, and quotes a message of 42 that mentions 44; 45 reads both.
    @Test
    void eachMessageIsJudgedByItself() {
        var event = message(",\"content\":\"answer\",\"mentions\":[{\"id\":\"41\"},{\"id\":\"45\"}],"
                + "\"referenced_message\":{\"id\":\"2\",\"author\":{\"id\":\"42\"},\"content\":\"question\","
                + "\"mentions\":[{\"id\":\"44\"},{\"id\":\"45\"}]}");
        assertThat(event.getFullRecipientsList()).containsExactly(45L);
        assertThat(event.getPayloadRedacted().toStringUtf8()).doesNotContain("answer", "question");
        assertThat(event.getContentVariantsList()).hasSize(2);
        var answer = event.getContentVariants(0);
        assertThat(answer.getUsersList()).containsExactly(43L, 41L);
        assertThat(answer.getPayload().toStringUtf8()).contains("answer").doesNotContain("question");
        var question = event.getContentVariants(1);
        assertThat(question.getUsersList()).containsExactly(42L, 44L);
        assertThat(question.getPayload().toStringUtf8()).contains("question").doesNotContain("answer");
    }

    @Test
    void aForwardedMessageIsReadByThoseItMentionsAndNotByWhoForwardsIt() {
        var event = message(",\"content\":\"\",\"mentions\":[{\"id\":\"41\"}],\"message_snapshots\":[{\"message\":"
                + "{\"content\":\"secret\",\"mentions\":[{\"id\":\"44\"}]}}]");
        assertThat(event.getFullRecipientsList()).containsExactly(44L);
        assertThat(event.getContentVariantsList()).isEmpty();
        assertThat(event.getPayloadRedacted().toStringUtf8()).doesNotContain("secret");
    }

    @Test
    void theNumberOfVariantsIsBoundedAndWhoeverIsBeyondItReadsNoContent() {
        var snapshots = new StringBuilder();
        for (int user = 50; user < 60; user++) {
            snapshots
                    .append(user == 50 ? "" : ",")
                    .append("{\"message\":{\"content\":\"secret\",\"mentions\":[{\"id\":\"" + user + "\"}]}}");
        }
        var event = message(",\"message_snapshots\":[" + snapshots + "]");
        assertThat(event.getContentVariantsList())
                .extracting(variant -> variant.getUsers(0))
                .containsExactly(50L, 51L, 52L, 53L);
        assertThat(event.getFullRecipientsList()).isEmpty();
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
