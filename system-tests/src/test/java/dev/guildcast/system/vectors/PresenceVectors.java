package dev.guildcast.system.vectors;

import static dev.guildcast.system.vectors.VectorWorld.A;
import static dev.guildcast.system.vectors.VectorWorld.G1;
import static dev.guildcast.system.vectors.VectorWorld.G2;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What other users receive of a user's status.
interface PresenceVectors {
    String PRESENCES = "\"intents\":256";

    VectorSuite suite();

    @Test
    @DisplayName("V17: others receive a bot's presence; it goes offline with its session, not with its socket")
    default void showsOthersABotsPresence() {
        suite().placeBotAIn(G1);
        try (var b = suite().open("B", "tok-b", PRESENCES)) {
            try (var a = suite().open("A", "tok-a", "\"intents\":0,\"presence\":" + op3("dnd"))) {
                b.skipTo(presence(G1, "\"status\":\"dnd\""));
                a.send("""
                        {"op":3,"d":{"since":null,"activities":[{"name":"chess","type":0}],"status":"idle","afk":false}}""");
                b.expect(presence(G1, """
                        "status":"idle","activities":[{"name":"chess","type":0,"created_at":"$int"}],"client_status":{"web":"idle"}"""));
                a.expectNothing(1);
                a.send("""
                        {"op":3,"d":{"since":{"secs_since_epoch":1,"nanos_since_epoch":0},"activities":[],"status":"invisible","afk":false}}""");
                assertOffline(b.expect(presence(G1, "\"status\":\"offline\",\"activities\":[],\"client_status\":{}")));
                a.close(1000);
                // B, who has the intent, does not receive its own presence either.
                b.send("{\"op\":3,\"d\":" + op3("dnd") + "}");
                b.expectNothing(2);
            }
            try (var again = suite().open("A", "tok-a", "\"intents\":0")) {
                b.expect(presence(G1, "\"status\":\"online\""));
                long dropped = System.nanoTime();
                again.drop();
                assertOffline(b.expect(presence(G1, "\"status\":\"offline\"")));
                assertThat(Duration.ofNanos(System.nanoTime() - dropped))
                        .isGreaterThanOrEqualTo(VectorSuite.SESSION_TIMEOUT);
            }
        }
    }

    @Test
    @DisplayName("V18: one change of status is dispatched once for each common guild")
    default void sendsAStatusOncePerGuildInCommon() {
        suite().placeBotAIn(G1, G2);
        try (var b = suite().open("B", "tok-b", PRESENCES);
                var a = suite().open("A", "tok-a", "\"intents\":0,\"presence\":" + op3("dnd"))) {
            b.skipTo(presence("$str", "\"status\":\"dnd\""));
            b.skipTo(presence("$str", "\"status\":\"dnd\""));
            a.send("{\"op\":3,\"d\":" + op3("idle") + "}");
            b.expectInAnyOrder(presence(G1, "\"status\":\"idle\""), presence(G2, "\"status\":\"idle\""));
            b.expectNothing(1);
        }
    }

    private static void assertOffline(JsonNode presence) {
        assertThat(presence.path("d").path("client_status").isEmpty()).isTrue();
        assertThat(presence.path("d").path("activities").isEmpty()).isTrue();
    }

    private static String op3(String status) {
        return "{\"since\":null,\"activities\":[],\"status\":\"" + status + "\",\"afk\":false}";
    }

    private static String presence(String guild, String shown) {
        return "{\"op\":0,\"t\":\"PRESENCE_UPDATE\",\"d\":{\"user\":{\"id\":\"" + A + "\"},\"guild_id\":\"" + guild
                + "\"," + shown + "}}";
    }
}
