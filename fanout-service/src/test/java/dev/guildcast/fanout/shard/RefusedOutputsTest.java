package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildListItem;
import dev.guildcast.event.v1.GuildListReplace;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A record that is refused changes nothing, whatever refuses it; and what cannot be sent costs nobody else anything.
class RefusedOutputsTest extends PublishedGuild {
    /// Above the 3 MiB that a GUILD_CREATE may take without its members.
    private static final int TOO_LARGE = 3_200_000;

    @Test
    void aSessionThatCannotBeSentTheGuildIsNotSubscribed() {
        describe(TOO_LARGE);
        shard.checkpoint();
        assertThat(types(shard.subscribe(G, HUMAN, 9, EVERYTHING), HUMAN, 9))
                .as("only that the guild is unavailable")
                .containsExactly("GUILD_DELETE");
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.deadLetters.getFirst()).contains("bytes without its members");
        assertThat(shard.machine.drainDirty()).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "x")), HUMAN, 9))
                .as("no event of a guild that it does not have")
                .isEmpty();

        describe(10);
        assertThat(types(shard.subscribe(G, HUMAN, 9, EVERYTHING), HUMAN, 9)).containsExactly("GUILD_CREATE");
        assertThat(types(shard.event(message(G, TEXT, "x")), HUMAN, 9)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void atTheEndOfAnOutageOneRefusalCostsNobodyElseTheGuild() {
        shard.subscribe(G, OWNER, 7, EVERYTHING);
        shard.subscribe(G, HUMAN, 9, EVERYTHING);
        shard.event(event(G, "GUILD_DELETE", outage(true)));
        describe(2_900_000);
        // Only the owner sees what makes the guild too large.
        shard.record(part(
                G,
                "v2",
                Mutation.newBuilder()
                        .setChannel(channel(HIDDEN, 0, overwrite(G, true, 0, VIEW)).getChannel().toBuilder()
                                .addFields(field("topic", "'" + "t".repeat(400_000) + "'")))
                        .build()));
        shard.deadLetters.clear();

        var back = shard.event(event(G, "GUILD_CREATE", outage(false)));
        assertThat(types(back, HUMAN, 9)).containsExactly("GUILD_CREATE");
        assertThat(types(back, OWNER, 7)).containsExactly("GUILD_DELETE");
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.deadLetters.getFirst()).contains("bytes without its members");
        var message = shard.event(message(G, TEXT, "x"));
        assertThat(types(message, HUMAN, 9)).containsExactly("MESSAGE_CREATE");
        assertThat(types(message, OWNER, 7)).isEmpty();
    }

    @Test
    void aSubscribeThatFailsAtAnEmissionChangesNothing() {
        shard.checkpoint();
        var subscribe = GuildRecord.newBuilder()
                .setSubscribe(Subscribe.newBuilder()
                        .setGuildId(G)
                        .setUserId(HUMAN)
                        .setSessionOffset(9)
                        .setIntents(EVERYTHING))
                .build();
        assertThat(isRefused(shard, subscribe, GuildShardHarness.ONE.sessionShard(HUMAN), new FailingOutputs(0)))
                .isTrue();
        assertThat(shard.machine.drainDirty()).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "x")), HUMAN, 9)).isEmpty();
        assertThat(types(shard.subscribe(G, HUMAN, 9, EVERYTHING), HUMAN, 9)).containsExactly("GUILD_CREATE");
    }

    @Test
    void aMalformedListChangesNothing() {
        shard.subscribe(G, HUMAN, 9, EVERYTHING);
        shard.checkpoint();
        var list = Mutation.newBuilder()
                .setList(GuildListReplace.newBuilder().setName("emojis").setJson(GuildShardHarness.json("[7]")))
                .build();
        var item = Mutation.newBuilder()
                .setListItem(
                        GuildListItem.newBuilder().setName("emojis").setId(5).setJson(GuildShardHarness.json("7")))
                .build();
        for (var mutation : List.of(list, item)) {
            shard.event(event(G, "GUILD_EMOJIS_UPDATE", mutation));
            assertThat(shard.machine.drainDirty())
                    .as("after a refused %s", mutation.getChangeCase())
                    .isEmpty();
        }
        assertThat(shard.deadLetters).hasSize(2);
    }

    /// `-Dguildcast.seed=N` repeats one run.
    @Test
    void whateverTheSizeOfARecordARefusedOneChangesNothing() {
        long first = Long.getLong("guildcast.seed", System.nanoTime());
        int refused = 0;
        for (long seed = first; seed < first + 150; seed++) {
            var random = new Random(seed);
            // From records that hold hardly any payload to those that hold most.
            var small = new GuildShardHarness(GuildShardHarness.ONE, 1_034 + random.nextInt(600));
            var records = new RandomRecords(random);
            for (int i = 0; i < 200; i++) {
                small.nowMillis += 50;
                var step = records.next();
                small.machine.drainDirty();
                if (isRefused(small, step.record(), step.source(), new FailingOutputs(Integer.MAX_VALUE))) {
                    refused++;
                    assertThat(small.machine.drainDirty().keySet())
                            .as("seed %d, step %d, %s", seed, i, step.record().getRecordCase())
                            .allMatch(key -> EntityKey.parse(key).kind() == EntityKey.Kind.PUBLISHER);
                }
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private void describe(int length) {
        shard.event(event(
                G,
                "GUILD_UPDATE",
                Mutation.newBuilder()
                        .setGuild(GuildUpsert.newBuilder()
                                .setOwnerId(OWNER)
                                .addFields(field("description", "'" + "d".repeat(length) + "'")))
                        .build()));
    }

    private static boolean isRefused(GuildShardHarness shard, GuildRecord record, ShardId source, Outputs out) {
        try {
            shard.machine.apply(
                    record, new RecordContext(ShardId.guild(0), shard.offset++, shard.nowMillis, source, 1), out);
            return false;
        } catch (RecordRejectedException | EmissionFailure e) {
            return true;
        }
    }

    private static final class EmissionFailure extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Accepts so many outputs, and fails with the next.
    private static final class FailingOutputs implements Outputs {
        private int left;

        FailingOutputs(int accepted) {
            left = accepted;
        }

        @Override
        public void emit(ShardId target, Output output) {
            if (left-- == 0) {
                throw new EmissionFailure();
            }
        }

        @Override
        public void barrier() {
            // Nothing is sent.
        }

        @Override
        public void deadLetter(String reason) {
            // What is dead-lettered is not refused.
        }
    }
}
