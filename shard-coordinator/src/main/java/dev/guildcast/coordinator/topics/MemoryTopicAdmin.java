package dev.guildcast.coordinator.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Topics in memory, for tests. Safe for use from any thread.
public final class MemoryTopicAdmin implements TopicAdmin {
    private final Map<String, PlannedTopic> topics = new TreeMap<>();

    @Override
    public synchronized void ensure(List<PlannedTopic> plan) throws TopicMismatchException {
        var differences = new ArrayList<String>();
        for (var planned : plan) {
            var existing = topics.putIfAbsent(planned.name(), planned);
            if (existing != null) {
                differences.addAll(TopicMismatches.of(planned, existing.partitions(), existing.configuration()));
            }
        }
        TopicMismatches.throwIfAny(differences);
    }

    /// The topics that exist, by name.
    public synchronized Map<String, PlannedTopic> topics() {
        return new TreeMap<>(topics);
    }

    /// Creates or replaces a topic, as an operator could.
    public synchronized void put(PlannedTopic topic) {
        topics.put(topic.name(), topic);
    }
}
