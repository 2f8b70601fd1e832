package dev.guildcast.coordinator.map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the map is served.
///
/// @param historyRevisions changes that are kept in memory, so that a watcher that reconnects within them is sent what
///     changed instead of the whole map. The default is two changes of every shard of a large installation
/// @param watchersMax streams a replica serves at most; each takes some kilobytes, and more are rejected
/// @param tasksMax reports and operations that may wait for the replica's loop; more are rejected and are retried by
///     their senders
@ConfigurationProperties("coordinator.map")
public record MapProperties(
        @DefaultValue("1024") int historyRevisions,
        @DefaultValue("4096") int watchersMax,
        @DefaultValue("8192") int tasksMax) {
    public static final MapProperties DEFAULT = new MapProperties(1024, 4096, 8192);

    public MapProperties {
        atLeastOne("history-revisions", historyRevisions);
        atLeastOne("watchers-max", watchersMax);
        atLeastOne("tasks-max", tasksMax);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("coordinator.map." + name + " " + value + " (expected: at least 1)");
        }
    }
}
