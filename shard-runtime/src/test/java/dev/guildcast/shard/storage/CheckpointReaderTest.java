package dev.guildcast.shard.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.shard.memory.CompactedTopic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Restores from a topic that is written and compacted at every step of the read, and compares each result with the
/// state that the writer had. `-Dguildcast.seed=N` repeats one run, `-Dguildcast.seeds=N` runs more of them.
class CheckpointReaderTest {
    private static final long SEEDS = Long.getLong("guildcast.seeds", 4_000);

    /// Below the size of most checkpoints of the runs.
    private static final int POLL_RECORDS_MAX = 6;

    /// A way to read a checkpoint: the production code, or one that must be found out.
    private interface Read {
        long read(StateReader topic, BiConsumer<String, byte[]> result);
    }

    @Test
    void everyResultIsAStateThatTheOwnerHadAtThatPosition() {
        long first = Long.getLong("guildcast.seed", System.nanoTime());
        long seeds = System.getProperty("guildcast.seed") == null ? SEEDS : 1;
        for (long seed = first; seed < first + seeds; seed++) {
            assertThat(new Run(seed).mismatch(CheckpointReader::read))
                    .as("seed %d", seed)
                    .isNull();
        }
    }

    @Test
    void aTopicWithoutCheckpointsHasNone() {
        var restored = new HashMap<String, byte[]>();
        assertThat(CheckpointReader.read(
                        new CompactedTopic(new Random(1), POLL_RECORDS_MAX).reader(() -> {}), restored::put))
                .isZero();
        assertThat(restored).isEmpty();
    }

    @Test
    void aWholeTopicWithoutGapsIsReadOnceHoweverOftenItsOwnerCommits() {
        var topic = new CompactedTopic(new Random(2), POLL_RECORDS_MAX);
        topic.commit(1, Map.of("a", bytes("1")));
        var ends = new ArrayList<Long>();
        var reader = topic.reader(() -> topic.commit(ends.size() + 2L, Map.of("a", bytes("2"))));
        var restored = new HashMap<String, byte[]>();
        long position = CheckpointReader.read(
                new StateReader() {
                    @Override
                    public long fetchEnd() {
                        ends.add(reader.fetchEnd());
                        return ends.getLast();
                    }

                    @Override
                    public long position() {
                        return reader.position();
                    }

                    @Override
                    public List<StateRecord> poll() {
                        return reader.poll();
                    }

                    @Override
                    public void close() {
                        reader.close();
                    }
                },
                restored::put);
        assertThat(ends).hasSize(1);
        assertThat(position).isPositive();
        assertThat(restored).containsOnlyKeys("a");
    }

    @Test
    void aReaderThatMergesWhateverItPolledIsFoundOut() {
        assertThat(mismatches((topic, result) -> {
                    var latest = new HashMap<String, byte @Nullable []>();
                    for (long end = topic.fetchEnd(); topic.position() < end; ) {
                        topic.poll().forEach(each -> latest.put(each.key(), each.value()));
                    }
                    return finish(latest, result);
                }))
                .isPositive();
    }

    @Test
    void aReaderThatStopsAtItsFirstEndIsFoundOut() {
        assertThat(mismatches((topic, result) -> readWholeTransactions(topic, topic.fetchEnd(), result)))
                .isPositive();
    }

    @Test
    void aReaderThatReadsTwoRoundsWhateverTheyFindIsFoundOut() {
        assertThat(mismatches((topic, result) -> {
                    var latest = new HashMap<String, byte @Nullable []>();
                    for (int round = 0; round < 2; round++) {
                        for (long end = topic.fetchEnd(); topic.position() < end; ) {
                            topic.poll().forEach(each -> latest.put(each.key(), each.value()));
                        }
                    }
                    return finish(latest, result);
                }))
                .isPositive();
    }

    private static long readWholeTransactions(StateReader topic, long end, BiConsumer<String, byte[]> result) {
        var latest = new HashMap<String, byte @Nullable []>();
        var incomplete = new HashMap<String, byte @Nullable []>();
        while (topic.position() < end) {
            for (var each : topic.poll()) {
                incomplete.put(each.key(), each.value());
                if (each.key().equals(CheckpointReader.POSITION_KEY)) {
                    latest.putAll(incomplete);
                    incomplete.clear();
                }
            }
        }
        return finish(latest, result);
    }

    private static long finish(Map<String, byte @Nullable []> latest, BiConsumer<String, byte[]> result) {
        var position = latest.remove(CheckpointReader.POSITION_KEY);
        latest.forEach((key, value) -> {
            if (value != null) {
                result.accept(key, value);
            }
        });
        return position == null ? 0 : ByteBuffer.wrap(position).getLong();
    }

    private static long mismatches(Read read) {
        long found = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            found += new Run(seed).mismatch(read) == null ? 0 : 1;
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// One topic with its owner, through several restores.
    private static final class Run {
        private final Random random;
        private final CompactedTopic topic;
        private final Map<String, String> entities = new TreeMap<>();
        private final Map<Long, Map<String, String>> history = new HashMap<>();
        private final double commitShare;
        private final double compactShare;
        private long position;

        Run(long seed) {
            random = new Random(seed);
            topic = new CompactedTopic(random, POLL_RECORDS_MAX);
            // At most every other call, so that a read comes to an end.
            commitShare = random.nextDouble() / 2;
            compactShare = random.nextDouble();
            history.put(0L, Map.of());
        }

        @Nullable
        String mismatch(Read read) {
            for (int restore = 0; restore < 4; restore++) {
                for (int i = random.nextInt(8); i > 0; i--) {
                    commit();
                }
                var restored = new TreeMap<String, String>();
                long at = read.read(
                        topic.reader(this::meanwhile),
                        (key, value) -> restored.put(key, new String(value, StandardCharsets.UTF_8)));
                if (!restored.equals(history.get(at))) {
                    return "restore " + restore + " at " + at + ": " + restored + " (expected: " + history.get(at)
                            + ")";
                }
                topic.compactTombstones();
            }
            return null;
        }

        private void meanwhile() {
            if (random.nextDouble() < commitShare) {
                commit();
            }
            if (random.nextDouble() < compactShare) {
                topic.compact(random.nextDouble());
            }
        }

        private void commit() {
            if (random.nextInt(10) == 0) {
                topic.abort(random.nextInt(5));
            }
            position++;
            var changes = new TreeMap<String, byte @Nullable []>();
            for (int i = random.nextInt(8); i > 0; i--) {
                var key = "e" + random.nextInt(8);
                if (random.nextInt(4) == 0) {
                    entities.remove(key);
                    changes.put(key, null);
                } else {
                    entities.put(key, position + "/" + i);
                    changes.put(key, bytes(position + "/" + i));
                }
            }
            topic.commit(position, changes);
            history.put(position, Map.copyOf(entities));
        }
    }
}
