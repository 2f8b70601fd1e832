package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.fanout.shard.GuildShardHarness.Dispatched;
import org.junit.jupiter.api.Test;

/// How members join and leave, how guilds are created, removed or in outage, and who receives that.
class MembershipTest extends PublishedGuild {
    @Test
    void joiningAndLeavingAlwaysReachesTheUsersSessionShard() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var joined = shard.event(event(G, "GUILD_MEMBER_ADD", member(60)).setIntents(Intents.GUILD_MEMBERS));
        assertThat(joined).anySatisfy(each -> {
            assertThat(each.target()).isEqualTo(GuildShardHarness.ONE.sessionShard(60));
            assertThat(each.record().getMemberJoined().getUsersList()).containsExactly(60L);
        });
        assertThat(types(joined, HUMAN, 8)).containsExactly("GUILD_MEMBER_ADD");
        shard.subscribe(G, 60, 600, EVERYTHING);

        var left = shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(60)).setIntents(Intents.GUILD_MEMBERS));
        assertThat(left)
                .anySatisfy(each ->
                        assertThat(each.record().getMemberLeft().getUsersList()).containsExactly(60L));
        assertThat(types(left, HUMAN, 8)).containsExactly("GUILD_MEMBER_REMOVE");
        assertThat(types(left, 60, 600)).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "x")), 60, 600)).isEmpty();
        assertThat(shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(60)))).isEmpty();
    }

    @Test
    void anAddOfAMemberWhoIsThereIsAnUpdateOrNothing() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        assertThat(shard.event(event(G, "GUILD_MEMBER_ADD", member(BOT)))).isEmpty();
        assertThat(types(shard.event(event(G, "GUILD_MEMBER_ADD", member(BOT, STAFF))), HUMAN, 8))
                .containsExactly("GUILD_MEMBER_UPDATE");
    }

    @Test
    void anOutageHidesTheGuildUntilItEnds() {
        // V13
        shard.subscribe(G, BOT, 7, EVERYTHING);
        var out = shard.event(event(G, "GUILD_DELETE", outage(true)));
        assertThat(dispatched(out, BOT, 7))
                .containsExactly(new Dispatched("GUILD_DELETE", "{\"id\":\"100\",\"unavailable\":true}"));
        assertThat(shard.event(message(G, TEXT, "x"))).isEmpty();
        assertThat(types(shard.subscribe(G, HUMAN, 8, EVERYTHING), HUMAN, 8)).containsExactly("GUILD_DELETE");
        var end = shard.event(event(G, "GUILD_CREATE", outage(false)));
        assertThat(types(end, BOT, 7)).containsExactly("GUILD_CREATE");
        assertThat(parse(dispatched(end, HUMAN, 8).getFirst())
                        .get("unavailable")
                        .asBoolean())
                .isFalse();
        assertThat(shard.event(event(G, "GUILD_CREATE", outage(false)))).isEmpty();
    }

    @Test
    void aGuildMayBeginInOutage() {
        shard.event(event(500, "GUILD_DELETE", outage(true)));
        shard.record(part(500, "v", guild(OWNER, "late"), role(500, VIEW), member(BOT)));
        assertThat(types(shard.subscribe(500, BOT, 7, EVERYTHING), BOT, 7)).containsExactly("GUILD_DELETE");
        assertThat(types(shard.record(part(500, "v", outage(false))), BOT, 7)).containsExactly("GUILD_CREATE");
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void aGuildThatIsGoneIsLeftByAll() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        var gone = shard.event(event(
                G,
                "GUILD_DELETE",
                Mutation.newBuilder()
                        .setGuildGone(GuildGone.getDefaultInstance())
                        .build()));
        var left = gone.stream()
                .flatMap(each -> each.record().getMemberLeft().getUsersList().stream())
                .toList();
        assertThat(left).containsExactlyInAnyOrder(OWNER, BOT, HUMAN);
        assertThat(types(gone, BOT, 7)).isEmpty();
        shard.event(message(G, TEXT, "x"));
        assertThat(shard.deadLetters).containsExactly("unknown guild 100");
        shard.checkpoint();
        assertThat(shard.checkpoint).isEmpty();
    }
}
