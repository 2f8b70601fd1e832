package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.Sessions;
import org.junit.jupiter.api.Test;

/// Which records change nothing, and which of those become dead letters.
class RejectedRecordsTest extends PublishedGuild {
    @Test
    void anEventOfAnUnknownChannelIsRejected() {
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        assertThat(shard.event(message(G, 999, "x"))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown channel 999");
    }

    @Test
    void anEventOfAnUnknownGuildIsRejected() {
        assertThat(shard.event(message(77, TEXT, "x"))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown guild 77");
    }

    @Test
    void aGuildOfAnotherShardIsRejected() {
        var two = new GuildShardHarness(new Topology(2, 0, 1, 4), 8 << 20);
        two.record(part(1L << 22, "v", guild(1, "odd")));
        assertThat(two.deadLetters).hasSize(1);
        assertThat(two.deadLetters.getFirst()).contains("is not of guild-0");
    }

    @Test
    void aPartialUpsertOfAnUnknownEntityIsRejectedAndChangesNothing() {
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        shard.checkpoint();
        var unknown = Mutation.newBuilder()
                .setMember(memberUpsert(99).setPartial(true))
                .build();
        assertThat(shard.event(event(G, "GUILD_MEMBER_UPDATE", unknown))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown member 99");
        assertThat(shard.machine.drainDirty()).isEmpty();
    }

    @Test
    void aDuplicateIsDroppedALateFirstAcceptedAndAnOldOneDeadLettered() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.event(marked(5, 0))).isNotEmpty();
        assertThat(shard.event(marked(5, 0))).isEmpty();
        assertThat(shard.event(marked(5, 1))).isNotEmpty();
        assertThat(shard.event(marked(4, 0))).isNotEmpty();
        assertThat(shard.event(marked(4, 0))).isEmpty();
        assertThat(shard.event(marked(2000, 0))).isNotEmpty();
        assertThat(shard.event(marked(900, 0))).isEmpty();
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.event(marked(977, 0))).isNotEmpty();
    }

    @Test
    void aPayloadForNamedSessionsThatExceedsARecordIsRejected() {
        var small = new GuildShardHarness(GuildShardHarness.ONE, 20_000);
        small.record(part(G, "v", guild(1, "G")));
        var event = GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("VOICE_SERVER_UPDATE")
                .setPayload(GuildShardHarness.json("'" + "x".repeat(20_000) + "'"))
                .setSessions(
                        Sessions.newBuilder().addRefs(SessionRef.newBuilder().setOffset(7)));
        assertThat(small.event(event)).isEmpty();
        assertThat(small.deadLetters).containsExactly("payload of 20002 bytes exceeds a record");
    }

    @Test
    void aRejectedRecordStillMarksItsPublication() {
        shard.event(message(G, 999, "x").setPublication(publication(1, 0)));
        shard.event(message(G, 999, "x").setPublication(publication(1, 0)));
        assertThat(shard.deadLetters).hasSize(1);
    }

    private GuildEvent.Builder marked(long sequence, int part) {
        return message(G, TEXT, "m").setPublication(publication(sequence, part));
    }

    private static Publication publication(long sequence, int part) {
        return Publication.newBuilder()
                .setPublisher("chat")
                .setSequence(sequence)
                .setPart(part)
                .build();
    }
}
