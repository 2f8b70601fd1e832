package dev.guildcast.coordinator.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leader election by a consumer group: the replica that is assigned the only partition of a topic leads.
///
/// The assignment is sticky and cooperative: a replica that joins does not depose the leader. No record is read here.
///
/// - **Owner:** its thread, which only polls.
/// - **Promise:** a leader that closes is replaced at once, one that crashes after the session timeout.
public final class KafkaLeaderElection implements LeaderElection {
    private static final Logger log = LoggerFactory.getLogger(KafkaLeaderElection.class);
    /// Length of a poll; it returns at once for a rebalance or a close.
    private static final Duration POLL = Duration.ofMillis(500);

    /// Before the replica joins the election again after a failure.
    private static final long RETRY_MILLIS = 1_000;

    /// For the thread to leave the group; it is a daemon and does not hold up the JVM after that.
    private static final long JOIN_MILLIS = 5_000;

    private final Map<String, Object> configuration;
    private final String topic;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean closed;
    private @Nullable Thread thread;

    public KafkaLeaderElection(String bootstrapServers, String topic, String group, StoreProperties properties) {
        this.topic = topic;
        this.configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(properties.sessionTimeout().toMillis()),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.toIntExact(properties.heartbeatEvery().toMillis()),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false);
    }

    @Override
    public void start(Candidate candidate) {
        thread = Thread.ofPlatform().daemon().name("coordinator-election").start(() -> {
            while (!closed) {
                try (var groupConsumer =
                        new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                    consumer = groupConsumer;
                    runCandidate(groupConsumer, candidate);
                } catch (WakeupException closing) {
                    log.debug("leaving the election");
                } catch (KafkaException fault) {
                    log.warn("leader election failed, this replica does not lead, trying again: {}", fault.toString());
                    candidate.onDeposed();
                    pause();
                }
            }
        });
    }

    private void runCandidate(KafkaConsumer<byte[], byte[]> groupConsumer, Candidate candidate) {
        groupConsumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    groupConsumer.pause(partitions);
                    candidate.onElected();
                }
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    candidate.onDeposed();
                }
            }
        });
        while (!closed) {
            groupConsumer.poll(POLL);
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        var groupConsumer = consumer;
        if (groupConsumer != null) {
            groupConsumer.wakeup();
        }
        var running = thread;
        if (running != null) {
            try {
                running.join(JOIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
