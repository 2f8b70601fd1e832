package dev.guildcast.coordinator.topics;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Plans every topic of an installation.
///
/// Logs use LogAppendTime, the only clock that shards have. State topics are compacted soon and in small segments, so
/// that a restore reads little more than the live records.
public final class TopicPlan {
    /// Bounds the processes that can consume the ingress topic; 12 divides evenly among 2, 3, 4, 6 or 12 of them.
    private static final int INGRESS_PARTITIONS = 12;

    /// Dead letters are rare: a few partitions let several consumers read a burst.
    private static final int DEAD_LETTER_PARTITIONS = 4;

    /// Services send each other up to 8 MB; with the framing of a record that stays below this.
    private static final int MESSAGE_BYTES_MAX = 10 << 20;

    /// Only closed segments are compacted, so small ones bound the overwritten records that a restore reads.
    private static final int STATE_SEGMENT_BYTES = 16 << 20;

    /// Share of a state log that may be overwritten records before it is compacted: a restore reads a quarter more than
    /// the live ones, against twice as much at Kafka's default of 0.5; lower costs the brokers more rewriting.
    private static final String DIRTY_RATIO = "0.2";

    /// After which overwritten state is due for compaction; longer makes restores read more.
    private static final Duration COMPACTION_LAG = Duration.ofSeconds(10);

    /// Ephemeral events are worthless after some seconds; this covers a change of the shard's owner.
    private static final Duration EPHEMERAL_RETENTION = Duration.ofMinutes(2);

    /// Retention deletes whole segments, so they must be shorter than it.
    private static final Duration EPHEMERAL_SEGMENT = Duration.ofMinutes(1);

    /// Events wait here while fan-out is down; as long as the guild logs by default.
    private static final Duration INGRESS_RETENTION = Duration.ofHours(24);

    /// Consumers that are down longer than this miss closed sessions. Presences expire by themselves long before; for
    /// voice states it covers an upgrade or a usual outage of voice-signaling.
    private static final Duration LIFECYCLE_RETENTION = Duration.ofHours(1);

    /// Time for an operator to inspect dead letters, weekends included.
    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(7);

    private final Topics topics;
    private final TopicProperties properties;

    public TopicPlan(Topics topics, TopicProperties properties) {
        this.topics = topics;
        this.properties = properties;
    }

    /// The coordinator's own topic: it must exist before a replica can lead.
    public PlannedTopic coordinatorState() {
        return state(topics.coordinatorState(), 1);
    }

    /// All other topics, which the leader creates.
    public List<PlannedTopic> shardTopics(Topology topology) {
        var plan = new ArrayList<PlannedTopic>();
        plan.add(log(topics.guildEvents(), topology.guildPartitions(), properties.logRetention(), Map.of()));
        plan.add(log(
                topics.guildEphemeral(),
                topology.guildPartitions(),
                EPHEMERAL_RETENTION,
                Map.of("segment.ms", millis(EPHEMERAL_SEGMENT))));
        plan.add(log(topics.userEvents(), topology.userShards(), properties.logRetention(), Map.of()));
        plan.add(log(
                topics.sessionLog(),
                topology.sessionShards(),
                properties.sessionRetention(),
                Map.of("retention.bytes", Long.toString(properties.sessionSize().toBytes()))));
        plan.add(log(topics.ingressEvents(), INGRESS_PARTITIONS, INGRESS_RETENTION, Map.of()));
        plan.add(state(topics.state(ShardId.Kind.GUILD), topology.guildPartitions()));
        plan.add(state(topics.state(ShardId.Kind.USER), topology.userShards()));
        plan.add(state(topics.state(ShardId.Kind.SESSION), topology.sessionShards()));
        plan.add(log(topics.sessionLifecycle(), topology.sessionShards(), LIFECYCLE_RETENTION, Map.of()));
        plan.add(log(topics.deadLetter(), DEAD_LETTER_PARTITIONS, DEAD_LETTER_RETENTION, Map.of()));
        return List.copyOf(plan);
    }

    private PlannedTopic log(String name, int partitions, Duration retention, Map<String, String> more) {
        var configuration = base();
        configuration.put("cleanup.policy", "delete");
        configuration.put("message.timestamp.type", "LogAppendTime");
        configuration.put("retention.ms", millis(retention));
        configuration.putAll(more);
        return new PlannedTopic(name, partitions, properties.replication(), configuration);
    }

    private PlannedTopic state(String name, int partitions) {
        var configuration = base();
        configuration.put("cleanup.policy", "compact");
        configuration.put("segment.bytes", Integer.toString(STATE_SEGMENT_BYTES));
        configuration.put("min.cleanable.dirty.ratio", DIRTY_RATIO);
        configuration.put("max.compaction.lag.ms", millis(COMPACTION_LAG));
        return new PlannedTopic(name, partitions, properties.replication(), configuration);
    }

    private Map<String, String> base() {
        var configuration = new TreeMap<String, String>();
        configuration.put("min.insync.replicas", Integer.toString(properties.minInsync()));
        configuration.put("unclean.leader.election.enable", "false");
        configuration.put("max.message.bytes", Integer.toString(MESSAGE_BYTES_MAX));
        return configuration;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
