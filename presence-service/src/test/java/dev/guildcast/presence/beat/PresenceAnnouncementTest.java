package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.Presence;
import dev.guildcast.presence.liveness.PresenceStore.ShownPresence;
import dev.guildcast.presence.v1.BeatBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which presence changes are published to guilds, and when.
class PresenceAnnouncementTest extends PresenceTrackerFixture {
    @Test
    void announcesAChangeToTheGuildOnce() {
        report(1, 10, "idle", CHESS);
        elapse(Duration.ofMillis(950));
        assertThat(published).isEmpty();
        elapse(Duration.ofMillis(100));
        assertThat(published)
                .singleElement()
                .asString()
                .startsWith("{\"user\":{\"id\":\"" + A + "\"},\"guild_id\":\"" + G1
                        + "\",\"status\":\"idle\",\"activities\":[{\"name\":\"chess\",\"type\":0,\"created_at\":")
                .endsWith("\"client_status\":{\"web\":\"idle\"}}");
        beat(1, 10);
        report(1, 11, "idle", CHESS);
        elapse(Duration.ofSeconds(10));
        assertThat(published).hasSize(1);
    }

    @Test
    void showsTheInvisibleAsOfflineAndDoesNotAnnounceTheirEnd() {
        report(1, 10, "idle", CHESS);
        passFlapWindow();
        report(1, 12, "invisible");
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"offline\",\"activities\":[],\"client_status\":{}");
        int publishedBefore = published.size();
        endSession(1, 13);
        passFlapWindow();
        assertThat(published).hasSize(publishedBefore);
        report(2, 14, "online");
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"online\"");
    }

    @Test
    void announcesToEveryGuildOfTheUserOnce() {
        guilds.put(A, List.of(G1, G2));
        report(1, 10, "dnd");
        passFlapWindow();
        assertThat(published)
                .hasSize(2)
                .anyMatch(d -> d.contains("\"" + G1 + "\""))
                .anyMatch(d -> d.contains("\"" + G2 + "\""));
    }

    @Test
    void suppressesAReconnectWithinTheFlapWindow() {
        report(1, 10, "online");
        passFlapWindow();
        endSession(1, 20);
        elapse(Duration.ofMillis(500));
        report(2, 21, "online");
        passFlapWindow();
        assertThat(published).hasSize(1);
    }

    @Test
    void isOfflineWithinTwoSecondsOfTheLastSessionsEnd() {
        report(1, 10, "online");
        report(2, 11, "idle");
        passFlapWindow();
        endSession(1, 20);
        passFlapWindow();
        assertThat(published.getLast()).contains("\"status\":\"idle\"");
        tracker.offerSessionClosed(A, 2, 30);
        elapse(Duration.ofSeconds(2));
        assertThat(published.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void retriesUntilTheUsersGuildsAreKnown() {
        guilds.remove(A);
        guilds.put(5L, List.of(G1));
        report(1, 10, "online");
        tracker.offerBatch(
                        BeatBatch.newBuilder().addStates(state(5, 9, 10, "dnd")).build())
                .block();
        passFlapWindow();
        assertThat(publishedUsers).containsExactly(5L);
        report(1, 11, "idle");
        guilds.put(A, List.of(G1));
        elapse(Duration.ofSeconds(5));
        assertThat(publishedUsers).containsExactly(5L, A);
        assertThat(published.getLast()).contains("\"status\":\"idle\"");
    }

    @Test
    void retriesUntilTheEphemeralLogAcceptsIt() {
        publicationsToFail = 3;
        report(1, 10, "online");
        elapse(Duration.ofSeconds(10));
        assertThat(published).hasSize(1);
    }

    @Test
    void correctsWhatAnotherInstanceAnnounced() {
        report(1, 10, "online");
        passFlapWindow();
        store.saveShown(A, new ShownPresence(Presence.OFFLINE, 10)).block();
        beat(1, 10);
        passFlapWindow();
        assertThat(published).hasSize(2);
        assertThat(published.getLast()).contains("\"status\":\"online\"");
        beatFor(Duration.ofSeconds(60));
        assertThat(published).hasSize(2);
    }
}
