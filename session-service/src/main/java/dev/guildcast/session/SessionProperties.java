package dev.guildcast.session;

import dev.guildcast.shard.node.PlacementMode;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long sessions wait for their client, and what decides which shards this process serves.
///
/// @param timeout time without a connection after which a session ends; longer lets clients resume after longer
///     absences, and keeps users online and rings filled for those that never return. The default outlasts a restart of
///     a bot or a change of network. At most `session.resume.window`, or a session would outlive what it can replay
/// @param placement `coordinator`: the coordinator assigns shards to this process and takes them away; `static`: this
///     process claims all of them at its start, which suits tests and single machines
/// @param drain how long a stopping process waits for the coordinator to move its shards to other nodes, so that no
///     client waits for a failover; 0 if the node has been drained at the coordinator before it is stopped
@ConfigurationProperties("session")
public record SessionProperties(
        @DefaultValue("180s") Duration timeout,
        @DefaultValue("coordinator") PlacementMode placement,
        @DefaultValue("0s") Duration drain) {
    public SessionProperties {
        // Ticks, which end sessions, come every 50 ms: a shorter timeout would mean little.
        if (timeout.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("session.timeout is " + timeout + " (expected: at least 100ms)");
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("session.drain is " + drain + " (expected: not negative)");
        }
    }
}
