package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.ids;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.Intents;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a session receives when it subscribes to a guild, and which subscriptions are dropped.
class SubscribeTest extends PublishedGuild {
    @Test
    void aNewGuildAnnouncesItsMembersToTheirSessionShards() {
        var joined = shard.emitted.stream()
                .filter(each -> each.record().hasMemberJoined())
                .flatMap(each -> each.record().getMemberJoined().getUsersList().stream())
                .toList();
        assertThat(joined).containsExactlyInAnyOrder(OWNER, BOT, HUMAN);
        assertThat(shard.emitted)
                .allSatisfy(each -> assertThat(each.record().hasMemberJoined()).isTrue());
    }

    @Test
    void subscribingSendsTheGuildWithoutHiddenChannels() {
        var dispatched = dispatched(shard.subscribe(G, BOT, 7, EVERYTHING), BOT, 7);
        assertThat(dispatched).hasSize(1);
        JsonNode guild = parse(dispatched.getFirst());
        assertThat(dispatched.getFirst().type()).isEqualTo("GUILD_CREATE");
        assertThat(ids(guild, "channels")).containsExactly("200", "202");
        assertThat(guild.get("unavailable").asBoolean()).isFalse();
        assertThat(guild.get("member_count").asInt()).isEqualTo(3);
        assertThat(dispatched.getFirst().data()).doesNotContain("201");
    }

    @Test
    void theKeyUnavailableIsAbsentForWhoHasJustJoined() {
        var dispatched = dispatched(
                shard.subscribe(Subscribe.newBuilder()
                        .setGuildId(G)
                        .setUserId(BOT)
                        .setSessionOffset(7)
                        .setIntents(1)
                        .setReason(SubscribeReason.JOIN)),
                BOT,
                7);
        assertThat(parse(dispatched.getFirst()).has("unavailable")).isFalse();
    }

    @Test
    void aSecondSubscribeOfASessionChangesNothing() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.subscribe(G, BOT, 7, EVERYTHING)).isEmpty();
    }

    @Test
    void aSubscribeOfANonMemberOrForAnUnknownGuildIsDropped() {
        assertThat(shard.subscribe(G, 99, 7, EVERYTHING)).isEmpty();
        assertThat(shard.subscribe(55, BOT, 7, EVERYTHING)).isEmpty();
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void withoutTheGuildsIntentThereIsNoGuildCreateButEventsFollow() {
        assertThat(shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES)).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "hi")), BOT, 7)).containsExactly("MESSAGE_CREATE");
    }
}
