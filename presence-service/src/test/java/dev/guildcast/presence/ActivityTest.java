package dev.guildcast.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActivityTest {
    @Test
    void keepsNameTypeUrlAndStateAlone() {
        assertThat(cleaned("""
                {"name":"live","type":1,"url":"https://twitch.tv/x","state":"s","emoji":{"id":""},"created_at":"soon",
                 "id":7,"flags":1,"assets":{}}"""))
                .containsExactly("{\"name\":\"live\",\"type\":1,\"url\":\"https://twitch.tv/x\",\"state\":\"s\"}");
    }

    @Test
    void dropsWhatHasNoName() {
        assertThat(cleaned(
                        "{\"type\":0}",
                        "{\"name\":\"\"}",
                        "{\"name\":null}",
                        "{\"name\":5}",
                        "[]",
                        "null",
                        "no json",
                        ""))
                .isEmpty();
    }

    @Test
    void takesAnUnknownTypeForPlaying() {
        assertThat(cleaned(
                        "{\"name\":\"a\",\"type\":99}",
                        "{\"name\":\"b\",\"type\":\"1\"}",
                        "{\"name\":\"c\"}",
                        "{\"name\":\"d\",\"type\":-1}",
                        "{\"name\":\"e\",\"type\":1.5}"))
                .allMatch(core -> core.endsWith("\"type\":0}"));
    }

    @Test
    void stampsWithAnIntegerTimeAndAnId() {
        var activity = Activity.clean(List.of("{\"name\":\"chess\",\"type\":0}"), 1_700_000_000_123L, 9)
                .getFirst();
        assertThat(activity.json())
                .isEqualTo("{\"name\":\"chess\",\"type\":0,\"created_at\":1700000000123,\"id\":\"" + activity.id()
                        + "\"}");
        assertThat(activity.id()).matches("[0-9a-f]{16}");
    }

    @Test
    void readsBackWhatItWrote() {
        var activity = Activity.clean(List.of("{\"name\":\"\\u00e4\\\"x\",\"type\":4,\"state\":\"away\"}"), 5, 9)
                .getFirst();
        assertThat(Activity.stamped(activity.json())).contains(activity);
        assertThat(Activity.stamped("{}")).isEmpty();
    }

    @Test
    void boundsNumberAndLength() {
        var many = java.util.Collections.nCopies(40, "{\"name\":\"" + "x".repeat(500) + "\"}");
        var cleaned = Activity.clean(many, 5, 9);
        assertThat(cleaned).hasSize(Activity.PER_SESSION_MAX);
        assertThat(cleaned.getFirst().core()).hasSizeLessThan(200);
        assertThat(cleaned(("{\"name\":\"" + "x".repeat(127) + "\uD83D\uDE00" + "\"}")))
                .allMatch(core -> !core.contains("\\uD83D") && !core.contains("?"));
    }

    private static List<String> cleaned(String... raw) {
        return Activity.clean(List.of(raw), 5, 9).stream().map(Activity::core).toList();
    }
}
