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

/// Whoever a consumer group gives the only partition of a topic to, leads.
///
/// The assignment is sticky and cooperative: a replica that comes does not depose the leader. Nothing is read here.
///
/// - **Owner:** its thread, which does nothing but poll.
/// - **Promise:** a replica that ends in order is replaced at once, another after the session timeout.
public final class KafkaLeaderElection implements LeaderElection {
    private static final Logger log = LoggerFactory.getLogger(KafkaLeaderElection.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long RETRY_MILLIS = 1_000;
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
                try (var standing =
                        new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                    consumer = standing;
                    stand(standing, candidate);
                } catch (WakeupException closing) {
                    log.debug("stepping back");
                } catch (KafkaException fault) {
                    log.warn("no part in the election, trying again: {}", fault.toString());
                    candidate.onDeposed();
                    pause();
                }
            }
        });
    }

    private void stand(KafkaConsumer<byte[], byte[]> standing, Candidate candidate) {
        standing.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    standing.pause(partitions);
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
            standing.poll(POLL);
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
        var standing = consumer;
        if (standing != null) {
            standing.wakeup();
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
