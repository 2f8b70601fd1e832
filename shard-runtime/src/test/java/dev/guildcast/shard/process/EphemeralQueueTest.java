package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EphemeralQueueTest {
    private static final ShardId SELF = ShardId.guild(0);
    private static final ShardId TARGET = ShardId.session(1);
    private static final long WINDOW = 250;
    private static final int OUTBOX_BYTES = 400;

    private final Outbox outbox = new Outbox(SELF, 100);
    private final List<String> applied = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private int dropped;
    private int deadLetters;
    private long offset;
    private final EphemeralQueue<String> queue = new EphemeralQueue<>(
            new Presences(),
            new StagedOutputs(new OutputPositions(), outbox),
            outbox,
            new Counters(),
            new ShardSettings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    1,
                    Duration.ofSeconds(2),
                    Duration.ofMillis(400),
                    100,
                    OUTBOX_BYTES,
                    Duration.ofMillis(WINDOW)));

    @Test
    void onlyTheLastPresenceOfAUserIsApplied() {
        add(0, "ada=online");
        add(100, "ada=idle");
        add(200, "eve=online");
        applyDue(249);
        assertThat(applied).isEmpty();
        applyDue(250);
        assertThat(applied).containsExactly("ada=idle");
        assertThat(skipped).containsExactly("ada=online");
        applyDue(450);
        assertThat(applied).containsExactly("ada=idle", "eve=online");
    }

    @Test
    void aKeyThatChangesConstantlyIsAppliedOncePerWindow() {
        for (int at = 0; at < 1_000; at += 50) {
            applyDue(at);
            add(at, "ada=" + at);
        }
        assertThat(applied).containsExactly("ada=200", "ada=450", "ada=700");
    }

    @Test
    void typingIsAppliedAtOnceUnlessAPresenceIsAheadOfIt() {
        add(0, "typing");
        applyDue(0);
        assertThat(applied).containsExactly("typing");
        add(10, "ada=online");
        add(20, "typing");
        applyDue(20);
        assertThat(applied).containsExactly("typing");
        applyDue(260);
        assertThat(applied).containsExactly("typing", "ada=online", "typing");
    }

    @Test
    void whileTheOutboxIsCongestedPresencesWaitAndTypingIsDropped() {
        outbox.add(0, TARGET, new Large(), Lane.LOG, new OutputPosition(0, 0), OutputPosition.NONE, 0);
        add(0, "typing");
        add(0, "ada=online");
        applyDue(1_000);
        assertThat(applied).isEmpty();
        assertThat(dropped).isEqualTo(1);
        add(1_000, "ada=idle");
        outbox.pump((entry, target, record) -> {});
        applyDue(1_250);
        assertThat(applied).containsExactly("ada=idle");
    }

    @Test
    void neverHoldsMoreThanItsBound() {
        for (int i = 0; i <= EphemeralQueue.RECORDS_MAX + 5; i++) {
            add(0, "user" + i + "=online");
            applyDue(0);
        }
        assertThat(applied).hasSize(6).startsWith("user0=online");
    }

    @Test
    void neverHoldsMoreBytesThanItsBound() {
        add(0, "ada=online", (int) EphemeralQueue.BYTES_MAX);
        applyDue(0);
        assertThat(applied).isEmpty();
        add(0, "eve=online", 1);
        applyDue(0);
        assertThat(applied).containsExactly("ada=online");
    }

    @Test
    void aRecordThatFailsBlocksNoOther() {
        add(0, "bad=1");
        add(0, "bad=2");
        add(0, "eve=online");
        applyDue(250);
        assertThat(applied).containsExactly("eve=online");
        assertThat(deadLetters).isEqualTo(2);
    }

    private void add(long millis, String record) {
        add(millis, record, record.length());
    }

    private void add(long millis, String record, int bytes) {
        long at = offset++;
        queue.add(record, new RecordContext(SELF, at, 0, null, 1), bytes, millis * 1_000_000);
    }

    private void applyDue(long millis) {
        queue.applyDue(millis * 1_000_000, 0);
    }

    private final class Presences implements ShardMachine<String, NoResult> {
        @Override
        public @Nullable Object coalescingKey(String record) {
            int end = record.indexOf('=');
            return end < 0 ? null : record.substring(0, end);
        }

        @Override
        public void applyEphemeral(String record, RecordContext at, Outputs out) {
            if (record.startsWith("bad")) {
                throw new IllegalArgumentException(record);
            }
            applied.add(record);
        }

        @Override
        public void skipEphemeral(String record, RecordContext at) {
            if (record.startsWith("bad")) {
                throw new IllegalArgumentException(record);
            }
            skipped.add(record);
        }

        @Override
        public NoResult apply(String record, RecordContext at, Outputs out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(String key, byte[] value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, byte @Nullable []> drainDirty() {
            return Map.of();
        }
    }

    private final class Counters implements ShardCounters {
        @Override
        public void onEphemeralDropped() {
            dropped++;
        }

        @Override
        public void onDeadLetter() {
            deadLetters++;
        }
    }

    private static final class Large implements Output {
        @Override
        public byte[] encode(Origin origin) {
            return new byte[OUTBOX_BYTES];
        }

        @Override
        public int sizeEstimate() {
            return OUTBOX_BYTES;
        }
    }
}
