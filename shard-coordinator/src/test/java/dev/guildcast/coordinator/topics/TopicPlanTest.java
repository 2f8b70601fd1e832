package dev.guildcast.coordinator.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TopicPlanTest {
    private final TopicPlan plan = new TopicPlan(new Topics("p."), TopicProperties.single());
    private final Map<String, PlannedTopic> topics = plan.shardTopics(new Topology(4, 2, 3, 5)).stream()
            .collect(Collectors.toMap(PlannedTopic::name, Function.identity()));

    @Test
    void plansEveryTopicWithItsPartitions() {
        var partitions = new TreeMap<String, Integer>();
        topics.forEach((name, topic) -> partitions.put(name, topic.partitions()));
        assertThat(partitions)
                .containsExactly(
                        Map.entry("p.dead.letter", 4),
                        Map.entry("p.guild.ephemeral", 6),
                        Map.entry("p.guild.events", 6),
                        Map.entry("p.guild.state", 6),
                        Map.entry("p.ingress.events", 12),
                        Map.entry("p.session.lifecycle", 5),
                        Map.entry("p.session.log", 5),
                        Map.entry("p.session.state", 5),
                        Map.entry("p.user.events", 3),
                        Map.entry("p.user.state", 3));
        assertThat(plan.coordinatorState().partitions()).isOne();
        assertThat(plan.coordinatorState().configuration()).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void logsUseAppendTimeAndHaveRetention() {
        for (var name : List.of("p.guild.events", "p.user.events", "p.session.log", "p.guild.ephemeral")) {
            assertThat(configuration(name))
                    .containsEntry("message.timestamp.type", "LogAppendTime")
                    .containsEntry("cleanup.policy", "delete")
                    .containsKey("retention.ms");
        }
        assertThat(configuration("p.guild.ephemeral")).containsEntry("retention.ms", "120000");
        assertThat(configuration("p.session.log"))
                .containsEntry("retention.ms", "21600000")
                .containsKey("retention.bytes");
    }

    @Test
    void checkpointsAreCompactedSoonAndInSmallSegments() {
        for (var name : List.of("p.guild.state", "p.user.state", "p.session.state")) {
            assertThat(configuration(name))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("segment.bytes", "16777216")
                    .containsEntry("min.cleanable.dirty.ratio", "0.2")
                    .containsEntry("max.compaction.lag.ms", "10000");
        }
    }

    @Test
    void rejectsFewerReplicasThanMinInsync() {
        assertThatThrownBy(() -> new TopicProperties(
                        (short) 1,
                        2,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        DataSize.ofGigabytes(1),
                        Duration.ofSeconds(1)))
                .hasMessageContaining("coordinator.topics.min-insync 2");
    }

    private Map<String, String> configuration(String name) {
        return Objects.requireNonNull(topics.get(name)).configuration();
    }
}
