package dev.guildcast.brokers;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/// Creates the topics of one installation on a test broker, where no coordinator does it.
public final class TestTopics {
    private static final Map<String, String> LOG_SETTINGS = Map.of(
            "message.timestamp.type",
            "LogAppendTime",
            "max.message.bytes",
            Integer.toString(10 << 20),
            "segment.bytes",
            Integer.toString(64 << 20),
            "retention.ms",
            "86400000");
    private static final Map<String, String> STATE_SETTINGS = Map.of(
            "cleanup.policy", "compact",
            "max.message.bytes", Integer.toString(10 << 20),
            "segment.bytes", Integer.toString(16 << 20),
            "min.cleanable.dirty.ratio", "0.2",
            "max.compaction.lag.ms", "10000");
    /// As many as the coordinator creates by default, so that tests see the same distribution.
    private static final int INGRESS_PARTITIONS = 12;
    /// As many as the coordinator creates by default.
    private static final int DEAD_LETTER_PARTITIONS = 4;

    private TestTopics() {}

    /// Creates missing topics and returns when they can be used; existing ones are left unchanged.
    ///
    /// @param bootstrap `host:port` of a broker
    /// @throws IllegalStateException if the broker rejects the request or does not respond
    public static void create(String bootstrap, Topics topics, Topology topology) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (var creation :
                    admin.createTopics(plan(topics, topology)).values().values()) {
                try {
                    creation.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException("topics were not created: " + e.getCause(), e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }

    private static List<NewTopic> plan(Topics topics, Topology topology) {
        var plan = new ArrayList<NewTopic>();
        for (var kind : ShardId.Kind.values()) {
            int partitions = switch (kind) {
                case GUILD -> topology.guildPartitions();
                case USER -> topology.userShards();
                case SESSION -> topology.sessionShards();
            };
            plan.add(topic(topics.log(kind), partitions, LOG_SETTINGS));
            plan.add(topic(topics.state(kind), partitions, STATE_SETTINGS));
        }
        plan.add(topic(topics.guildEphemeral(), topology.guildPartitions(), LOG_SETTINGS));
        plan.add(topic(topics.sessionLifecycle(), topology.sessionShards(), LOG_SETTINGS));
        plan.add(topic(topics.ingressEvents(), INGRESS_PARTITIONS, LOG_SETTINGS));
        plan.add(topic(topics.deadLetter(), DEAD_LETTER_PARTITIONS, LOG_SETTINGS));
        plan.add(topic(topics.coordinatorState(), 1, STATE_SETTINGS));
        return plan;
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, (short) 1).configs(settings);
    }
}
