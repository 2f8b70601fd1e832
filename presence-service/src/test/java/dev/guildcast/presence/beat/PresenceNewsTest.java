package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.Presence;
import dev.guildcast.presence.liveness.PresenceStore.Shown;
import dev.guildcast.presence.v1.BeatBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What guilds are told of a user, and when.
class PresenceNewsTest extends PresencesFixture {
    @Test
    void tellsTheGuildOfAChangeOnce() {
        report(1, 10, "idle", CHESS);
        elapse(Duration.ofMillis(950));
        assertThat(told).isEmpty();
        elapse(Duration.ofMillis(100));
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("{\"user\":{\"id\":\"" + A + "\"},\"guild_id\":\"" + G1
                        + "\",\"status\":\"idle\",\"activities\":[{\"name\":\"chess\",\"type\":0,\"created_at\":")
                .endsWith("\"client_status\":{\"web\":\"idle\"}}");
        beat(1, 10);
        report(1, 11, "idle", CHESS);
        elapse(Duration.ofSeconds(10));
        assertThat(told).hasSize(1);
    }

    @Test
    void showsTheInvisibleAsOfflineAndTheirEndAsNoNews() {
        report(1, 10, "idle", CHESS);
        settle();
        report(1, 12, "invisible");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"offline\",\"activities\":[],\"client_status\":{}");
        int soFar = told.size();
        gone(1, 13);
        settle();
        assertThat(told).hasSize(soFar);
        report(2, 14, "online");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"online\"");
    }

    @Test
    void tellsEveryGuildOfTheUserOnce() {
        guilds.put(A, List.of(G1, G2));
        report(1, 10, "dnd");
        settle();
        assertThat(told)
                .hasSize(2)
                .anyMatch(d -> d.contains("\"" + G1 + "\""))
                .anyMatch(d -> d.contains("\"" + G2 + "\""));
    }

    @Test
    void swallowsAReconnectWithinTheFlapWindow() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        elapse(Duration.ofMillis(500));
        report(2, 21, "online");
        settle();
        assertThat(told).hasSize(1);
    }

    @Test
    void isOfflineWithinTwoSecondsOfTheLastSessionsEnd() {
        report(1, 10, "online");
        report(2, 11, "idle");
        settle();
        gone(1, 20);
        settle();
        assertThat(told.getLast()).contains("\"status\":\"idle\"");
        presences.offerClosed(A, 2, 30);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void keepsTryingUntilTheUsersGuildsAreKnown() {
        guilds.remove(A);
        guilds.put(5L, List.of(G1));
        report(1, 10, "online");
        presences
                .offer(BeatBatch.newBuilder().addStates(state(5, 9, 10, "dnd")).build())
                .block();
        settle();
        assertThat(toldUsers).containsExactly(5L);
        report(1, 11, "idle");
        guilds.put(A, List.of(G1));
        elapse(Duration.ofSeconds(5));
        assertThat(toldUsers).containsExactly(5L, A);
        assertThat(told.getLast()).contains("\"status\":\"idle\"");
    }

    @Test
    void keepsTryingUntilTheLaneTakesIt() {
        publicationsToFail = 3;
        report(1, 10, "online");
        elapse(Duration.ofSeconds(10));
        assertThat(told).hasSize(1);
    }

    @Test
    void setsRightWhatAnotherInstanceShowed() {
        report(1, 10, "online");
        settle();
        redis.shown(A, new Shown(Presence.OFFLINE, 10)).block();
        beat(1, 10);
        settle();
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).contains("\"status\":\"online\"");
        beatFor(Duration.ofSeconds(60));
        assertThat(told).hasSize(2);
    }
}
