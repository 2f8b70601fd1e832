package dev.guildcast.coordinator.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Topics of a Kafka cluster, through a client that lives for one call.
public final class KafkaTopicAdmin implements TopicAdmin {
    private static final Logger log = LoggerFactory.getLogger(KafkaTopicAdmin.class);
    /// Between checks of new topics, which reach every broker's metadata a little after their creation.
    private static final long METADATA_POLL_MILLIS = 50;

    private final String bootstrapServers;
    private final Duration timeout;

    public KafkaTopicAdmin(String bootstrapServers, Duration timeout) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
    }

    @Override
    public void ensure(List<PlannedTopic> plan) throws TopicMismatchException, TopicsUnavailableException {
        int timeoutMillis = Math.toIntExact(timeout.toMillis());
        try (var admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                timeoutMillis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                timeoutMillis / 2))) {
            var existing = admin.listTopics().names().get();
            create(
                    admin,
                    plan.stream()
                            .filter(topic -> !existing.contains(topic.name()))
                            .toList());
            check(admin, plan);
        } catch (ExecutionException failure) {
            throw new TopicsUnavailableException(explain(failure), failure);
        } catch (KafkaException fault) {
            throw new TopicsUnavailableException("Kafka at " + bootstrapServers + ": " + fault.getMessage(), fault);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailableException("interrupted", closing);
        }
    }

    private String explain(ExecutionException failure) {
        return failure.getCause() instanceof InvalidReplicationFactorException tooFewBrokers
                ? "coordinator.topics.replication is more than Kafka has brokers: " + tooFewBrokers.getMessage()
                : "Kafka at " + bootstrapServers + ": " + failure.getCause();
    }

    private static void create(Admin admin, List<PlannedTopic> missing)
            throws ExecutionException, InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        var topics = missing.stream()
                .map(topic -> new NewTopic(topic.name(), topic.partitions(), topic.replication())
                        .configs(topic.configuration()))
                .toList();
        for (var creation : admin.createTopics(topics).values().values()) {
            try {
                creation.get();
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw failed;
                }
            }
        }
        log.info(
                "created {} topics: {}",
                missing.size(),
                missing.stream().map(PlannedTopic::name).toList());
    }

    private void check(Admin admin, List<PlannedTopic> plan)
            throws ExecutionException, InterruptedException, TopicMismatchException {
        var names = new HashSet<String>();
        plan.forEach(topic -> names.add(topic.name()));
        var descriptions = describe(admin, names);
        var configurations = configurations(admin, names);
        var differences = new ArrayList<String>();
        for (var topic : plan) {
            differences.addAll(TopicMismatches.of(
                    topic,
                    Objects.requireNonNull(descriptions.get(topic.name()))
                            .partitions()
                            .size(),
                    configurations.getOrDefault(topic.name(), Map.of())));
        }
        TopicMismatches.throwIfAny(differences);
    }

    private Map<String, TopicDescription> describe(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                var descriptions = admin.describeTopics(names).allTopicNames().get();
                boolean allHaveLeaders = descriptions.values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty());
                if (allHaveLeaders || System.nanoTime() - deadlineNanos > 0) {
                    return descriptions;
                }
            } catch (ExecutionException failed) {
                boolean notYetVisible = failed.getCause() instanceof UnknownTopicOrPartitionException;
                if (!notYetVisible || System.nanoTime() - deadlineNanos > 0) {
                    throw failed;
                }
            }
            Thread.sleep(METADATA_POLL_MILLIS);
        }
    }

    private static Map<String, Map<String, String>> configurations(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException {
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var byTopic = new HashMap<String, Map<String, String>>();
        for (Map.Entry<ConfigResource, Config> entry :
                admin.describeConfigs(resources).all().get().entrySet()) {
            var values = new HashMap<String, String>();
            entry.getValue().entries().forEach(value -> values.put(value.name(), value.value()));
            byTopic.put(entry.getKey().name(), values);
        }
        return byTopic;
    }
}
