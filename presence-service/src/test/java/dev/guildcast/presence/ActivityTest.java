package dev.guildcast.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActivityTest {
    @Test
    void keepsOnlyNameTypeUrlAndState() {
        assertThat(sanitizedCores("""
                {"name":"live","type":1,"url":"https://twitch.tv/x","state":"s","emoji":{"id":""},"created_at":"soon",
                 "id":7,"flags":1,"assets":{}}"""))
                .containsExactly("{\"name\":\"live\",\"type\":1,\"url\":\"https://twitch.tv/x\",\"state\":\"s\"}");
    }

    @Test
    void dropsActivitiesWithoutAName() {
        assertThat(sanitizedCores(
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
    void treatsAnUnknownTypeAsPlaying() {
        assertThat(sanitizedCores(
                        "{\"name\":\"a\",\"type\":99}",
                        "{\"name\":\"b\",\"type\":\"1\"}",
                        "{\"name\":\"c\"}",
                        "{\"name\":\"d\",\"type\":-1}",
                        "{\"name\":\"e\",\"type\":1.5}"))
                .allMatch(core -> core.endsWith("\"type\":0}"));
    }

    @Test
    void addsAnIntegerCreationTimeAndAnId() {
        var activity = Activity.sanitize(List.of("{\"name\":\"chess\",\"type\":0}"), 1_700_000_000_123L, 9)
                .getFirst();
        assertThat(activity.toJson())
                .isEqualTo("{\"name\":\"chess\",\"type\":0,\"created_at\":1700000000123,\"id\":\"" + activity.id()
                        + "\"}");
        assertThat(activity.id()).matches("[0-9a-f]{16}");
    }

    @Test
    void parsesItsOwnJson() {
        var activity = Activity.sanitize(List.of("{\"name\":\"\\u00e4\\\"x\",\"type\":4,\"state\":\"away\"}"), 5, 9)
                .getFirst();
        assertThat(Activity.fromJson(activity.toJson())).contains(activity);
        assertThat(Activity.fromJson("{}")).isEmpty();
    }

    @Test
    void boundsNumberAndLength() {
        var many = java.util.Collections.nCopies(40, "{\"name\":\"" + "x".repeat(500) + "\"}");
        var sanitized = Activity.sanitize(many, 5, 9);
        assertThat(sanitized).hasSize(Activity.PER_SESSION_MAX);
        assertThat(sanitized.getFirst().core()).hasSizeLessThan(200);
        assertThat(sanitizedCores(("{\"name\":\"" + "x".repeat(127) + "\uD83D\uDE00" + "\"}")))
                .allMatch(core -> !core.contains("\\uD83D") && !core.contains("?"));
    }

    private static List<String> sanitizedCores(String... raw) {
        return Activity.sanitize(List.of(raw), 5, 9).stream()
                .map(Activity::core)
                .toList();
    }
}
