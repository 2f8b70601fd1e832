package dev.guildcast.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PresenceMergeTest {
    @Test
    void showsTheStrongestStatusOfAllSessions() {
        assertThat(merged(session(1, Status.IDLE), session(2, Status.DND), session(3, Status.ONLINE))
                        .status())
                .isEqualTo(Status.DND);
        assertThat(merged(session(1, Status.IDLE), session(2, Status.ONLINE)).status())
                .isEqualTo(Status.ONLINE);
        assertThat(merged(session(1, Status.INVISIBLE), session(2, Status.IDLE)).status())
                .isEqualTo(Status.IDLE);
    }

    @Test
    void concatenatesActivitiesInSessionOrder() {
        var merged = merged(session(2, Status.ONLINE, "go"), session(1, Status.IDLE, "chess", "poker"));
        assertThat(merged.activities())
                .extracting(Activity::core)
                .containsExactly(core("chess"), core("poker"), core("go"));
    }

    @Test
    void showsNothingOfAnInvisibleSession() {
        var merged = merged(session(1, Status.INVISIBLE, "secret"), session(2, Status.ONLINE, "go"));
        assertThat(merged.activities()).extracting(Activity::core).containsExactly(core("go"));
    }

    @Test
    void isOfflineWhenAllSessionsAreInvisibleOrNoneIsLeft() {
        assertThat(merged(session(1, Status.INVISIBLE, "secret"), session(2, Status.OFFLINE)))
                .isEqualTo(Presence.OFFLINE);
        assertThat(merged()).isEqualTo(Presence.OFFLINE);
        assertThat(Presence.OFFLINE.updateJson(1, 2))
                .isEqualTo("{\"user\":{\"id\":\"1\"},\"guild_id\":\"2\",\"status\":\"offline\",\"activities\":[],"
                        + "\"client_status\":{}}");
    }

    @Test
    void listsEveryClientWithItsStrongestStatus() {
        var merged = merged(
                new SessionState(1, 1, Status.IDLE, List.of(), "mobile"),
                new SessionState(2, 1, Status.ONLINE, List.of(), "mobile"),
                new SessionState(3, 1, Status.DND, List.of(), "desktop"));
        assertThat(merged.clientStatus())
                .isEqualTo(new TreeMap<>(java.util.Map.of("mobile", Status.ONLINE, "desktop", Status.DND)));
    }

    private static Presence merged(SessionState... sessions) {
        return PresenceMerge.merge(List.of(sessions));
    }

    private static SessionState session(long id, Status status, String... activities) {
        var list = java.util.Arrays.stream(activities)
                .map(name -> new Activity(core(name), 5, "00"))
                .toList();
        return new SessionState(id, 1, status, list, "web");
    }

    private static String core(String name) {
        return "{\"name\":\"" + name + "\",\"type\":0}";
    }
}
