package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Clients receive what was published, byte for byte: random values in random white space are never serialized again.
class ByteForByteTest {
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t ", "\r\n"};
    private static final String[] STRINGS = {
        "",
        "a",
        "é",
        "𝄞",
        "\\\"",
        "\\\\",
        "\\u00e9",
        "\\ud834\\udd1e",
        "}",
        "]",
        ",",
        ":",
        "{[",
        "\\n",
        "\u2028",
        "/",
        "\\/"
    };
    private static final String[] NUMBERS = {"0", "-0", "1.50", "1E+3", "12345678901234567890123", "0.1e-7"};

    @Test
    void aPayloadIsTheTextThatWasPublished() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            var extra = object(random, 0, "");
            var d = extra.equals("{}") ? "{\"guild_id\":\"7\"}" : "{\"guild_id\" : \"7\"," + extra.substring(1);
            var event = ParsedEvents.guild(ParsedEvents.parse(space(random) + "{\"t\":\"SOMETHING\"," + space(random)
                    + "\"d\":" + space(random) + d + space(random) + "}" + space(random)));
            assertThat(event.getPayload().toStringUtf8())
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(d);
        }
    }

    @Test
    void theFieldsOfAnEntityAreTheTextThatWasPublished() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            var names = new ArrayList<String>();
            var values = new ArrayList<String>();
            var role = new StringBuilder("{\"id\":\"8\",\"permissions\":\"0\"");
            for (int n = random.nextInt(6); n > 0; n--) {
                names.add("field" + n);
                values.add(value(random, 0));
                role.append(',')
                        .append(space(random))
                        .append("\"field")
                        .append(n)
                        .append('"')
                        .append(space(random));
                role.append(':').append(space(random)).append(values.getLast()).append(space(random));
            }
            var mutation = ParsedEvents.mutation("GUILD_ROLE_CREATE", "{\"guild_id\":\"7\",\"role\":" + role + "}}");
            var fields = mutation.getRole().getFieldsList();
            assertThat(fields.stream().skip(2).map(Field::getName))
                    .as("seed %d", seed)
                    .isEqualTo(names);
            assertThat(fields.stream().skip(2).map(field -> field.getJson().toStringUtf8()))
                    .as("seed %d", seed)
                    .isEqualTo(values);
        }
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> "\"" + string(random) + "\"";
            case 1 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 2 -> random.nextBoolean() ? "true" : "false";
            case 3 -> "null";
            case 4 -> {
                var array = new StringBuilder("[").append(space(random));
                for (int n = random.nextInt(4); n > 0; n--) {
                    array.append(value(random, depth + 1))
                            .append(space(random))
                            .append(n > 1 ? "," : "")
                            .append(space(random));
                }
                yield array.append(']').toString();
            }
            default -> object(random, depth, space(random));
        };
    }

    private static String object(Random random, int depth, String space) {
        var object = new StringBuilder("{").append(space);
        var names = new HashSet<String>();
        var separator = "";
        for (int n = random.nextInt(5); n > 0; n--) {
            var name = string(random) + names.size();
            if (!names.add(name)) {
                continue;
            }
            object.append(separator)
                    .append(space(random))
                    .append('"')
                    .append(name)
                    .append('"')
                    .append(space(random));
            object.append(':')
                    .append(space(random))
                    .append(value(random, depth + 1))
                    .append(space(random));
            separator = ",";
        }
        return object.append('}').toString();
    }

    private static String string(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append(STRINGS[random.nextInt(STRINGS.length)]);
        }
        return text.toString();
    }

    private static String space(Random random) {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
