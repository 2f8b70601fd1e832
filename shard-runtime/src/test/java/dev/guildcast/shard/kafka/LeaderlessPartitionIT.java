package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.brokers.EmbeddedKafkaCluster;
import dev.guildcast.contract.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The log ends of a node's shards while a broker is away.
@Timeout(120)
class LeaderlessPartitionIT {
    private static final TopicPartition ON_FIRST = new TopicPartition("ends", 0);
    private static final TopicPartition ON_SECOND = new TopicPartition("ends", 1);
    /// A partition with a replica on each of the brokers 2 and 3, led by the first of them.
    private static final TopicPartition REPLICATED = new TopicPartition("replicated", 0);

    private final EmbeddedKafkaCluster brokers = EmbeddedKafkaCluster.start(3);

    @AfterEach
    void stops() {
        brokers.close();
    }

    @Test
    void onePartitionWithoutALeaderAnswersNothingAndAllOthersInTime() throws Exception {
        createTopics();
        var clients = new KafkaClients(KafkaSettings.of(brokers.bootstrap(), new Topics("leaderless.")));
        try (var ends = new KafkaLogEnds(new KafkaAdminOffsets(clients.admin()))) {
            for (var partition : List.of(ON_FIRST, ON_SECOND, REPLICATED)) {
                assertThat(fetch(ends, partition).get(30, TimeUnit.SECONDS)).isZero();
            }
            brokers.stop(2);
            until(() -> fetch(ends, REPLICATED).join() == 0);

            long worstNanos = 0;
            int fetchesWhileLeaderless = 0;
            for (int i = 0; i < 3; i++) {
                var leaderless = fetch(ends, ON_SECOND);
                do {
                    long start = System.nanoTime();
                    assertThat(fetch(ends, ON_FIRST).get(30, TimeUnit.SECONDS)).isZero();
                    assertThat(fetch(ends, REPLICATED).get(30, TimeUnit.SECONDS))
                            .as("its leader is broker 3 by now")
                            .isZero();
                    worstNanos = Math.max(worstNanos, System.nanoTime() - start);
                    fetchesWhileLeaderless++;
                } while (!leaderless.isDone());
                assertThat(leaderless.join()).isEqualTo(-1);
            }
            assertThat(fetchesWhileLeaderless).isGreaterThan(10);
            assertThat(worstNanos).as("slowest two fetches, in ns").isLessThan(TimeUnit.MILLISECONDS.toNanos(1_500));
        }
    }

    private void createTopics() throws InterruptedException, ExecutionException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
            admin.createTopics(List.of(
                            new NewTopic(ON_FIRST.topic(), Map.of(0, List.of(1), 1, List.of(2))),
                            new NewTopic(REPLICATED.topic(), Map.of(0, List.of(2, 3)))))
                    .all()
                    .get();
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
        }
    }

    private static CompletableFuture<Long> fetch(KafkaLogEnds ends, TopicPartition partition) {
        var end = new CompletableFuture<Long>();
        ends.fetch(partition, end::complete);
        return end;
    }
}
