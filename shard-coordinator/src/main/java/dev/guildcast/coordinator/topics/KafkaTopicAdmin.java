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
    /// New topics reach every broker's metadata a little later than the answer says.
    private static final long SETTLE_MILLIS = 50;

    private final String bootstrapServers;
    private final Duration patience;

    public KafkaTopicAdmin(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    @Override
    public void ensure(List<PlannedTopic> plan) throws TopicsDifferException, TopicsUnavailableException {
        int millis = Math.toIntExact(patience.toMillis());
        try (var admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis / 2))) {
            var existing = admin.listTopics().names().get();
            create(
                    admin,
                    plan.stream()
                            .filter(topic -> !existing.contains(topic.name()))
                            .toList());
            check(admin, plan);
        } catch (ExecutionException refused) {
            throw new TopicsUnavailableException(explain(refused), refused);
        } catch (KafkaException fault) {
            throw new TopicsUnavailableException("Kafka at " + bootstrapServers + ": " + fault.getMessage(), fault);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailableException("interrupted", closing);
        }
    }

    private String explain(ExecutionException refused) {
        return refused.getCause() instanceof InvalidReplicationFactorException few
                ? "coordinator.topics.replication is more than Kafka has brokers: " + few.getMessage()
                : "Kafka at " + bootstrapServers + ": " + refused.getCause();
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
                "made {} topics: {}",
                missing.size(),
                missing.stream().map(PlannedTopic::name).toList());
    }

    private void check(Admin admin, List<PlannedTopic> plan)
            throws ExecutionException, InterruptedException, TopicsDifferException {
        var names = new HashSet<String>();
        plan.forEach(topic -> names.add(topic.name()));
        var descriptions = describe(admin, names);
        var configurations = configurations(admin, names);
        var differences = new ArrayList<String>();
        for (var topic : plan) {
            differences.addAll(TopicDifferences.of(
                    topic,
                    Objects.requireNonNull(descriptions.get(topic.name()))
                            .partitions()
                            .size(),
                    configurations.getOrDefault(topic.name(), Map.of())));
        }
        TopicDifferences.refuse(differences);
    }

    private Map<String, TopicDescription> describe(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                var descriptions = admin.describeTopics(names).allTopicNames().get();
                boolean led = descriptions.values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty());
                if (led || System.nanoTime() - until > 0) {
                    return descriptions;
                }
            } catch (ExecutionException failed) {
                boolean tooEarly = failed.getCause() instanceof UnknownTopicOrPartitionException;
                if (!tooEarly || System.nanoTime() - until > 0) {
                    throw failed;
                }
            }
            Thread.sleep(SETTLE_MILLIS);
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
