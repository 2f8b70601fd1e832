package dev.guildcast.coordinator.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How an existing topic differs from its plan; each message says what to do.
final class TopicMismatches {
    private TopicMismatches() {}

    /// @param configuration the topic's, with the brokers' defaults
    static List<String> of(PlannedTopic planned, int partitions, Map<String, String> configuration) {
        var differences = new ArrayList<String>();
        if (partitions != planned.partitions()) {
            differences.add(
                    "topic " + planned.name() + " has " + partitions + " partitions (expected: " + planned.partitions()
                            + ", from guildcast.topology.*: shard counts are fixed when topics are created)");
        }
        new TreeMap<>(planned.configuration()).forEach((name, expected) -> {
            var actual = configuration.get(name);
            if (!expected.equals(actual)) {
                differences.add("topic " + planned.name() + " has " + name + "=" + actual + " (expected: " + expected
                        + "; alter the topic or the coordinator.topics.* property)");
            }
        });
        return differences;
    }

    static void throwIfAny(List<String> differences) throws TopicMismatchException {
        if (!differences.isEmpty()) {
            throw new TopicMismatchException(String.join("; ", differences));
        }
    }
}
