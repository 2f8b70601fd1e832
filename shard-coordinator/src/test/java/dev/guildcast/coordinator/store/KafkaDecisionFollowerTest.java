package dev.guildcast.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaDecisionFollowerTest {
    private static final TopicPartition TOPIC = new TopicPartition("coordinator.state", 0);
    private static final ShardId FIRST = ShardId.guild(0);
    private static final ShardId SECOND = ShardId.guild(1);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final List<Decision> decisions = new ArrayList<>();
    private long end;

    KafkaDecisionFollowerTest() {
        consumer.assign(List.of(TOPIC));
        consumer.updateBeginningOffsets(Map.of(TOPIC, 0L));
        consumer.seekToBeginning(List.of(TOPIC));
        updateEnd();
    }

    @Test
    void aDecisionThatIsCommittedDuringTheFirstReadIsReportedWhole() {
        append(decision(1, "a"));
        var follower = follower();
        append(decision(2, "b"));
        // One poll ends within the second decision.
        consumer.setMaxPollRecords(4);
        follower.poll(Duration.ZERO, decisions::add);
        follower.poll(Duration.ZERO, decisions::add);

        assertThat(decisions).hasSize(1);
        assertThat(owners(decisions.getFirst())).containsOnly("b");
        assertThat(decisions.getFirst().revision()).isEqualTo(2);
    }

    @Test
    void nothingIsReportedBeforeTheNewestEndIsReached() {
        append(decision(1, "a"));
        var follower = follower();
        // From now on compaction may remove from the first decision what the second one contains.
        append(decision(2, "b"));
        consumer.setMaxPollRecords(1);
        for (int i = 0; i < 6; i++) {
            follower.poll(Duration.ZERO, decisions::add);
        }
        assertThat(decisions).hasSize(1);
        assertThat(owners(decisions.getFirst())).containsExactly("b", "b");
    }

    @Test
    void laterDecisionsAreReportedOneByOne() {
        append(decision(1, "a"));
        var follower = follower();
        follower.poll(Duration.ZERO, decisions::add);
        append(decision(2, "b"));
        append(decision(3, "c"));
        follower.poll(Duration.ZERO, decisions::add);

        assertThat(decisions).extracting(Decision::revision).containsExactly(1L, 2L, 3L);
    }

    private KafkaDecisionFollower follower() {
        return new KafkaDecisionFollower(consumer, TOPIC, Duration.ofSeconds(1));
    }

    private static List<String> owners(Decision decision) {
        return decision.shards().stream().map(Shard::next).toList();
    }

    private static Decision decision(long revision, String owner) {
        return new Decision(
                revision,
                new Leader("r", "h:1"),
                new Topology(2, 0, 1, 1),
                true,
                List.of(
                        Shard.fresh(FIRST).transferring(owner),
                        Shard.fresh(SECOND).transferring(owner)),
                List.of(),
                Set.of());
    }

    private void append(Decision decision) {
        StateCodec.encode(decision)
                .forEach((key, value) ->
                        consumer.addRecord(new ConsumerRecord<>(TOPIC.topic(), TOPIC.partition(), end++, key, value)));
        updateEnd();
    }

    private void updateEnd() {
        consumer.updateEndOffsets(Map.of(TOPIC, end));
    }
}
