package dev.guildcast.coordinator.topics;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The contract of every topic admin.
abstract class TopicAdminContract {
    final Topics topics = new Topics("it-" + UUID.randomUUID() + ".");
    private final TopicPlan plan = new TopicPlan(topics, TopicProperties.single());

    abstract TopicAdmin admin();

    @Test
    void createsMissingTopicsAndAcceptsThemAfterwards() throws Exception {
        var admin = admin();
        admin.ensure(List.of(plan.coordinatorState()));
        admin.ensure(plan.shardTopics(Topology.SMALLEST));
        assertThatCode(() -> admin.ensure(plan.shardTopics(Topology.SMALLEST))).doesNotThrowAnyException();
    }

    @Test
    void rejectsAnotherPartitionCountAndNamesTheProperty() throws Exception {
        var admin = admin();
        admin.ensure(plan.shardTopics(Topology.SMALLEST));
        assertThatThrownBy(() -> admin.ensure(plan.shardTopics(new Topology(4, 1, 1, 8))))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(topics.sessionLog() + " has 4 partitions (expected: 8")
                .hasMessageContaining("guildcast.topology");
    }

    @Test
    void rejectsAnotherConfigurationButCreatesTheRest() throws Exception {
        var admin = admin();
        var log = plan.shardTopics(Topology.SMALLEST).getFirst();
        var odd = new HashMap<>(log.configuration());
        odd.put("message.timestamp.type", "CreateTime");
        admin.ensure(List.of(new PlannedTopic(log.name(), log.partitions(), log.replication(), odd)));
        assertThatThrownBy(() -> admin.ensure(plan.shardTopics(Topology.SMALLEST)))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(log.name() + " has message.timestamp.type=CreateTime (expected: LogAppendTime");
        assertThatCode(() -> admin.ensure(
                        plan.shardTopics(Topology.SMALLEST).stream().skip(1).toList()))
                .doesNotThrowAnyException();
    }
}
