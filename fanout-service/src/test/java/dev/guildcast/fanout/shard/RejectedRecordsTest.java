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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(longs = {3976, 3000, 1})
    void anEventOfAPublisherThatRestartedItsCounterIsADeadLetter(long sequence) {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.event(marked(5000, 0));
        assertThat(shard.event(marked(sequence, 0))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("publication is older than its publisher's window");
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSequenceAboveTheBoundIsADeadLetterAndLaterEventsAreDelivered() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.event(marked(Long.MAX_VALUE, 0))).isEmpty();
        assertThat(shard.deadLetters)
                .containsExactly("publication's sequence is 9223372036854775807 (at most 9007199254740991)");
        assertThat(shard.event(marked(1, 0))).isNotEmpty();
    }

    @Test
    void anEventWithoutAnAudienceIsADeadLetter() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.event(message(G, TEXT, "x").clearChannelId())).isEmpty();
        assertThat(shard.deadLetters).containsExactly("event without an audience");
    }

    @Test
    void theRemovalOfAnUnknownMemberIsADeadLetter() {
        assertThat(shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(99)))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown member 99");
    }

    @Test
    void theEndOfASnapshotThatAnotherHasReplacedIsADeadLetter() {
        shard.record(part(G, "v2", member(BOT)));
        shard.record(part(G, "v3", member(BOT)));
        shard.record(end(G, "v2"));
        assertThat(shard.deadLetters)
                .containsExactly("end of a guild snapshot that has ended, or that another has replaced");
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
