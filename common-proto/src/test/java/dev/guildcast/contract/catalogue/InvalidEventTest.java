package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.ParsedEvents.invalid;
import static dev.guildcast.contract.catalogue.ParsedEvents.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidEventTest {
    private static final String NOT_A_NUMBER = "must be a decimal number of 64 bits, as string or number";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":\"X\",\"d\":{}",
                "{\"t\":\"X\",\"d\":{\"a\":nul}}",
                "{\"t\":\"X\",\"d\":{\"a\":NaN}}",
                "{\"t\":\"X\",\"d\":{\"a\":01}}",
                "{\"t\":\"X\",\"d\":{\"a\":\"\\x\"}}",
                "{\"t\":\"X\",\"d\":{\"a\":\"\n\"}}",
                "{\"t\":\"X\",\"d\":{\"a\":1,}}",
                "{\"t\":\"X\",\"d\":[1,]}",
                "{'t':'X'}",
                "{\"t\":\"X\" /* c */}",
                "{\"t\":\"X\"\"d\":{}}"
            })
    void malformedJsonIsRefusedByItsOffsetAndNeverQuoted(String text) {
        assertThat(parse(text))
                .isInstanceOfSatisfying(
                        ParsedEvent.Invalid.class,
                        invalid -> assertThat(invalid.reason()).matches("malformed JSON at byte \\d+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[]", "1", "\"x\"", "null", "\uFEFF{}"})
    void anythingButAnObjectIsRefused(String text) {
        assertThat(parse(text)).isEqualTo(invalid("", "must be a JSON object"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "9223372036854775807", "18446744073709551615"})
    void aSequenceAboveTheBoundIsRefusedWithItsValueAndTheBound(String sequence) {
        for (var text : List.of(sequence, "\"" + sequence + "\"")) {
            assertThat(parse("{\"t\":\"X\",\"d\":{},\"users\":[1],\"publisher\":\"shop\",\"sequence\":" + text + "}"))
                    .isEqualTo(invalid("sequence", "is " + sequence + " (at most 9007199254740991)"));
        }
        assertThat(parse("{\"t\":\"X\",\"d\":{},\"users\":[1],\"publisher\":\"shop\",\"sequence\":9007199254740991}"))
                .isInstanceOf(ParsedEvent.ToUser.class);
    }

    @Test
    void trailingContentIsRefused() {
        assertThat(parse("{\"t\":\"X\",\"d\":{}} {}")).isEqualTo(invalid("", "has content after its object"));
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        var latin = "{\"t\":\"X\",\"d\":{\"a\":\"é\"}}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EventCatalogue.parse(latin)).isEqualTo(invalid("", "malformed UTF-8 at byte 19"));
        var wide = "{\"t\":\"X\",\"d\":{}}".getBytes(StandardCharsets.UTF_16LE);
        assertThat(EventCatalogue.parse(wide)).isEqualTo(invalid("", "malformed JSON: a zero byte"));
    }

    @Test
    void aDuplicateKeyIsRefused() {
        assertThat(parse("{\"t\":\"X\",\"d\":{\"a\":[{},{\"b\":1,\"\\u0062\":2}]}}"))
                .isEqualTo(invalid("d.a[1].b", "occurs twice in its object"));
    }

    @Test
    void tooManyLevelsAreRefused() {
        var deep = "{\"t\":\"X\",\"users\":[\"1\"],\"d\":{\"a\":%s1%s}}";
        int spare = JsonValidator.DEPTH_MAX - 2;
        assertThat(parse(deep.formatted("[".repeat(spare), "]".repeat(spare)))).isInstanceOf(ParsedEvent.ToUser.class);
        assertThat(parse(deep.formatted("[".repeat(spare + 1), "]".repeat(spare + 1))))
                .isInstanceOfSatisfying(
                        ParsedEvent.Invalid.class,
                        invalid -> assertThat(invalid.reason()).startsWith("exceeds a limit"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"d\":{}} | t | is missing",
                "{\"t\":null,\"d\":{}} | t | must not be null",
                "{\"t\":1,\"d\":{}} | t | must be a string",
                "{\"t\":\"message\",\"d\":{}} | t | must be upper-case letters, digits and underscores, at most 64",
                "{\"t\":\"MESSAGE_CREATE\"} | d | is missing",
                "{\"t\":\"MESSAGE_CREATE\",\"d\":[]} | d | must be an object",
                "{\"t\":\"X\",\"d\":{},\"users\":[]} | users | must hold 1 to 1000 users",
                "{\"t\":\"X\",\"d\":{},\"users\":\"1\"} | users | must be an array",
                "{\"t\":\"X\",\"d\":{},\"users\":[0]} | users[0] | must be a snowflake, not 0"
            })
    void theEnvelopeOfAnEventIsChecked(String text, String field, String reason) {
        assertThat(parse(text)).isEqualTo(invalid(field, reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"x\"",
                "-1",
                "1.0",
                "1e3",
                "true",
                "{}",
                "\"18446744073709551616\"",
                "\"123456789012345678901\"",
                "\" 1\"",
                "\"\\u0031\""
            })
    void anIdIsADecimalNumberOf64Bits(String id) {
        assertThat(parse("WEBHOOKS_UPDATE", "{\"guild_id\":%s,\"channel_id\":\"8\"}".formatted(id)))
                .isEqualTo(invalid("d.guild_id", NOT_A_NUMBER));
    }

    @Test
    void anIdMayBeAStringOrANumber() {
        var largest = ParsedEvents.guild("WEBHOOKS_UPDATE", "{\"guild_id\":\"18446744073709551615\",\"channel_id\":8}");
        assertThat(largest.getGuildId()).isEqualTo(-1);
        assertThat(largest.getChannelId()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGE_DELETE_BULK | {\"guild_id\":\"7\",\"channel_id\":\"8\",\"ids\":[\"1\",\"b\"]} | d.ids[1]",
                "GUILD_MEMBER_ADD | {\"guild_id\":\"7\",\"user\":{\"id\":\"1\"},\"roles\":[\"x\"]} | d.roles[0]",
                "GUILD_ROLE_CREATE | {\"guild_id\":\"7\",\"role\":{\"id\":\"8\"}} | d.role.permissions",
                "CHANNEL_CREATE | {\"guild_id\":\"7\",\"id\":\"8\"} | d.type",
                "CHANNEL_CREATE | {\"guild_id\":\"7\",\"id\":\"8\",\"type\":\"0\"} | d.type",
                "THREAD_CREATE | {\"guild_id\":\"7\",\"id\":\"8\",\"type\":11} | d.parent_id",
                "MESSAGE_CREATE | {\"guild_id\":\"7\",\"channel_id\":\"8\",\"id\":\"1\",\"author\":{}} | d.author.id"
            })
    void anInvalidFieldIsNamedByItsPath(String type, String d, String field) {
        assertThat(parse(type, d))
                .isInstanceOfSatisfying(
                        ParsedEvent.Invalid.class,
                        invalid -> assertThat(invalid.field()).isEqualTo(field));
    }

    @Test
    void noInputThrows() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var good = ("{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"author\":"
                        + "{\"id\":\"9\"},\"mentions\":[{\"id\":\"3\"}],\"embeds\":[{}],\"content\":\"a\\\"é\"}}")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            var text = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                text[random.nextInt(text.length)] =
                        (byte) (random.nextBoolean() ? "{}[]\",:\\ 1".charAt(random.nextInt(10)) : random.nextInt(256));
            }
            assertThat(EventCatalogue.parse(text))
                    .as("seed %d, round %d", seed, i)
                    .isNotNull();
        }
    }
}
