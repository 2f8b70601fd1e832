package dev.guildcast.system.vectors;

import static dev.guildcast.system.vectors.VectorWorld.A;
import static dev.guildcast.system.vectors.VectorWorld.G1;
import static dev.guildcast.system.vectors.VectorWorld.G2;
import static dev.guildcast.system.vectors.VectorWorld.G3;
import static dev.guildcast.system.vectors.VectorWorld.G4;
import static dev.guildcast.system.vectors.VectorWorld.H1;
import static dev.guildcast.system.vectors.VectorWorld.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Which guilds and channels a session receives, and on which of a bot's shards.
interface GuildVectors {
    String DIRECT_CHANNEL = "300000000000000101";
    String GUILDS = "\"intents\":1";
    String GUILDS_AND_MESSAGES = "\"intents\":513";

    VectorSuite suite();

    @Test
    @DisplayName("V11: a sharded bot receives each guild on the shard it hashes to, and its user on all")
    default void routesByGuildToTheBotsShards() {
        suite().placeBotAIn(G1, G2, G3, G4);
        try (var k0 = shard(0, 4);
                var k1 = shard(1, 4);
                var k2 = shard(2, 4)) {
            k0.expect(ready("[0,4]", unavailable(G3)));
            k0.expect(available(G3));
            k1.expect(ready("[1,4]", ""));
            assertThat(k2.expect(ready("[2,4]", "\"…\"")).path("d").path("guilds").values().stream()
                            .map(guild -> guild.path("id").asString("")))
                    .containsExactlyInAnyOrder(G1, G2, G4);
            k2.expectInAnyOrder(available(G1), available(G2), gone(G4));

            suite().h1SendsDirectMessage(DIRECT_CHANNEL, "for you alone");
            k0.expect("""
                    {"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"guild_id":"$absent","channel_id":"%s","author":{"id":"%s"},"content":"for you alone"}}""".formatted(DIRECT_CHANNEL, H1));
            suite().h1Sends(G1, TEXT, "for a shard");
            k2.expect("""
                    {"op":0,"s":5,"t":"MESSAGE_CREATE","d":{"guild_id":"%s","content":""}}""".formatted(G1));
            k0.expectNothing(1);
            k1.expectNothing(1);

            suite().api("""
                    {"t":"USER_UPDATE","d":{"id":"%s","username":"renamed","discriminator":"0","avatar":null,"bot":true}}""".formatted(A));
            String renamed = """
                    {"op":0,"t":"USER_UPDATE","d":{"id":"%s","username":"renamed"}}""".formatted(A);
            k0.expect(renamed);
            k1.expect(renamed);
            k2.expect(renamed);

            try (var k9 = shard(0, 1)) {
                assertThat(k9.expect(ready("[0,1]", "\"…\"")).path("d").path("guilds"))
                        .hasSize(4);
                k9.expectInAnyOrder(available(G1), available(G2), available(G3), gone(G4));
                suite().h1Sends(G1, TEXT, "for both");
                String message = "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"guild_id\":\"" + G1 + "\"}}";
                k9.expect(message);
                k2.expect(message);
                suite().h1SendsDirectMessage(DIRECT_CHANNEL, "for both");
                String direct = "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"guild_id\":\"$absent\"}}";
                k9.expect(direct);
                k0.expect(direct);
            }
        }
    }

    @Test
    @DisplayName("V13: a guild's outage and the bot's own joining and leaving are distinguished")
    default void distinguishesAnOutageFromLeaving() {
        suite().placeBotAIn(G1, G2, G3, G4);
        try (var a = suite().open("A", "tok-a", GUILDS)) {
            a.expectInAnyOrder(available(G1), available(G2), available(G3), gone(G4));
            suite().api("{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"" + G4 + "\",\"unavailable\":false}}");
            a.expect(available(G4));
            suite().api("{\"t\":\"GUILD_DELETE\",\"d\":{\"id\":\"" + G4 + "\",\"unavailable\":true}}");
            a.expect(gone(G4));
            suite().kickBotA(G2);
            a.expect("""
                    {"op":0,"t":"GUILD_DELETE","d":{"id":"%s","unavailable":"$absent"}}""".formatted(G2));
            suite().addBotA(G2);
            a.expect("""
                    {"op":0,"t":"GUILD_CREATE","d":{"id":"%s","unavailable":"$absent","joined_at":"$str","members":["…"]}}""".formatted(G2));
        }
    }

    @Test
    @DisplayName("V19: a channel that is hidden from the bot is deleted, and created again")
    default void deletesAHiddenChannelAndCreatesItAgain() {
        suite().placeBotAIn(G1);
        try (var a = suite().open("A", "tok-a", GUILDS_AND_MESSAGES)) {
            a.expect(available(G1));
            update(VectorWorld.text(true));
            a.expect("""
                    {"op":0,"t":"CHANNEL_DELETE","d":{"id":"%s","guild_id":"%s"}}""".formatted(TEXT, G1));
            suite().h1Sends(G1, TEXT, "not for bot A");
            a.expectNothing(1);
            try (var late = suite().open("A, late", "tok-a", GUILDS)) {
                assertThat(late.expect(available(G1)).path("d").path("channels").values().stream()
                                .map(channel -> channel.path("id").asString("")))
                        .isNotEmpty()
                        .doesNotContain(TEXT);
            }
            update(VectorWorld.text(false));
            a.expect("""
                    {"op":0,"t":"CHANNEL_CREATE","d":{"id":"%s","guild_id":"%s"}}""".formatted(TEXT, G1));
            String id = suite().h1Sends(G1, TEXT, "for all again");
            a.expectAfterAny("THREAD_LIST_SYNC", """
                    {"op":0,"t":"MESSAGE_CREATE","d":{"id":"%s"}}""".formatted(id));
        }
    }

    private void update(JsonNode channel) {
        suite().api("{\"t\":\"CHANNEL_UPDATE\",\"d\":" + channel + "}");
    }

    private VectorClient shard(int id, int count) {
        var client = suite().open("k" + id + " of " + count);
        // GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES
        client.identify("tok-a", "\"intents\":4609,\"shard\":[" + id + "," + count + "]");
        return client;
    }

    private static String ready(String shard, String guilds) {
        return "{\"op\":0,\"s\":1,\"t\":\"READY\",\"d\":{\"shard\":" + shard + ",\"guilds\":[" + guilds + "]}}";
    }

    private static String unavailable(String guild) {
        return "{\"id\":\"" + guild + "\",\"unavailable\":true}";
    }

    static String available(String guild) {
        return "{\"op\":0,\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"" + guild + "\",\"unavailable\":false}}";
    }

    private static String gone(String guild) {
        return "{\"op\":0,\"t\":\"GUILD_DELETE\",\"d\":" + unavailable(guild) + "}";
    }
}
