package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.presence.PresenceSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// V15 and V16, as far as the shard decides them.
class MemberChunksTest {
    private static final long G = 100;
    private static final long BOT_A = 1001;
    private static final long BOT_B = 1002;
    private static final long HUMAN = 1003;

    private final GuildShardHarness shard = new GuildShardHarness();

    @BeforeEach
    void publish() {
        var mutations = new ArrayList<Mutation>(List.of(guild(1, "G"), role(G, Permissions.VIEW_CHANNEL)));
        for (long user = 1; user <= 2300; user++) {
            var member = memberUpsert(user).setBot(user != HUMAN);
            if (user == 40) {
                member.setUsername("harry").setNick("");
            }
            if (user == 41) {
                member.setNick("hermione");
            }
            mutations.add(Mutation.newBuilder().setMember(member).build());
        }
        shard.record(part(G, "v", mutations.toArray(Mutation[]::new)));
        shard.subscribe(G, BOT_A, 7, Intents.GUILDS);
        shard.subscribe(G, BOT_B, 8, Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES);
        shard.subscribe(G, HUMAN, 9, Intents.KNOWN);
    }

    @Test
    void everyoneComesInChunksOfExactlyAThousand() {
        var chunks = chunks(BOT_B, 8, all().setNonce("n1"));
        assertThat(chunks).extracting(chunk -> chunk.get("members").size()).containsExactly(1000, 1000, 300);
        assertThat(chunks).extracting(chunk -> chunk.get("chunk_index").asInt()).containsExactly(0, 1, 2);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.get("chunk_count").asInt()).isEqualTo(3);
            assertThat(chunk.get("nonce").asString()).isEqualTo("n1");
            assertThat(chunk.get("guild_id").asString()).isEqualTo("100");
            assertThat(chunk.has("presences")).isFalse();
            assertThat(chunk.has("not_found")).isFalse();
        });
        var users = new HashSet<String>();
        chunks.forEach(chunk -> chunk.get("members")
                .forEach(member -> assertThat(
                                users.add(member.get("user").get("id").asString()))
                        .isTrue()));
        assertThat(users).hasSize(2300);
    }

    @Test
    void everyoneNeedsTheMembersIntentAndOfAUserThePermissionToManageMembers() {
        assertThat(chunks(BOT_A, 7, all())).isEmpty();
        assertThat(chunks(HUMAN, 9, all())).isEmpty();
        shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, Permissions.KICK_MEMBERS)));
        assertThat(chunks(HUMAN, 9, all())).hasSize(3);
        assertThat(chunks(BOT_A, 7, all())).isEmpty();
    }

    @Test
    void aPrefixFindsNamesAndNicksUpToTheLimit() {
        var request = request().setQuery("H");
        assertThat(users(chunks(BOT_A, 7, request.setLimit(10)).getFirst())).containsExactly("40", "41");
        assertThat(users(chunks(BOT_A, 7, request.setLimit(1)).getFirst())).containsExactly("40");
        assertThat(chunks(BOT_A, 7, request().setQuery("user").setLimit(5000))
                        .getFirst()
                        .get("members"))
                .hasSize(100);
        assertThat(chunks(BOT_A, 7, request().setQuery("").setLimit(3))
                        .getFirst()
                        .get("members"))
                .hasSize(3);
        var none = chunks(BOT_A, 7, request().setQuery("zzz").setLimit(1));
        assertThat(none).hasSize(1);
        assertThat(none.getFirst().get("members")).isEmpty();
        assertThat(none.getFirst().get("chunk_count").asInt()).isEqualTo(1);
    }

    @Test
    void idsFindMembersAndEchoTheRest() {
        var chunk = chunks(
                        BOT_A,
                        7,
                        request()
                                .addUserIds("1003")
                                .addUserIds("299999999999999999")
                                .addUserIds("nonsense")
                                .addUserIds("1003")
                                .setPresences(true)
                                .setNonce("12345678901234567890123456789012X"))
                .getFirst();
        assertThat(users(chunk)).containsExactly("1003");
        assertThat(chunk.get("not_found").valueStream().map(JsonNode::asString))
                .containsExactly("299999999999999999", "nonsense");
        assertThat(chunk.has("nonce")).isFalse();
        assertThat(chunk.has("presences")).isFalse();
        assertThat(chunk.get("members").get(0).propertyNames()).contains("roles", "joined_at", "deaf", "mute", "flags");
    }

    @Test
    void moreThanAHundredIdsOrNeitherIdsNorQueryGetNoResponse() {
        var many = request();
        IntStream.rangeClosed(1, 101).forEach(id -> many.addUserIds(Integer.toString(id)));
        assertThat(chunks(BOT_B, 8, many)).isEmpty();
        assertThat(chunks(BOT_B, 8, request())).isEmpty();
    }

    @Test
    void anUnsubscribedSessionGetsNoResponse() {
        assertThat(chunks(BOT_B, 88, all())).isEmpty();
        shard.unsubscribe(G, BOT_B, 8);
        assertThat(chunks(BOT_B, 8, all())).isEmpty();
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void presencesOfThoseNotOfflineComeWithTheIntent() {
        shard.presences.put(5, new PresenceSnapshot("idle", JsonWriter.ascii("[]"), JsonWriter.ascii("{}")));
        var chunk = chunks(BOT_B, 8, request().addUserIds("5").addUserIds("6").setPresences(true))
                .getFirst();
        assertThat(chunk.get("presences")).hasSize(1);
        assertThat(chunk.get("presences").get(0).get("status").asString()).isEqualTo("idle");
    }

    private List<JsonNode> chunks(long user, long session, MembersRequest.Builder request) {
        return dispatched(shard.members(user, request.setSessionOffset(session)), user, session).stream()
                .peek(chunk -> assertThat(chunk.type()).isEqualTo("GUILD_MEMBERS_CHUNK"))
                .map(GuildShardHarness::parse)
                .toList();
    }

    private static MembersRequest.Builder request() {
        return MembersRequest.newBuilder().setGuildId(G);
    }

    private static MembersRequest.Builder all() {
        return request().setQuery("").setLimit(0);
    }

    private static List<String> users(JsonNode chunk) {
        return chunk.get("members")
                .valueStream()
                .map(each -> each.get("user").get("id").asString())
                .toList();
    }
}
