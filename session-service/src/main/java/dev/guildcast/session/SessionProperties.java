package dev.guildcast.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long sessions wait for their client, and who says which shards are served here.
///
/// @param timeout time without a connection after which a session ends; longer lets clients resume after longer
///     absences, and keeps users online and rings filled for those that never return. At most `session.resume.window`,
///     or a session would outlive what it can replay
/// @param placement `coordinator`: shards come and go as the coordinator says; `static`: this process claims all of
///     them at its start, which serves tests and single machines
/// @param drain how long a process that is told to stop waits for the coordinator to move its shards away, so that
///     nobody waits for a failover; 0 where whoever stops it has asked the coordinator before
@ConfigurationProperties("session")
public record SessionProperties(
        @DefaultValue("180s") Duration timeout,
        @DefaultValue("coordinator") Placement placement,
        @DefaultValue("0s") Duration drain) {
    public SessionProperties {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("session.timeout is " + timeout + " (expected: at least 100ms)");
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("session.drain is " + drain + " (expected: not negative)");
        }
    }

    /// Who says which shards are served here.
    public enum Placement {
        COORDINATOR,
        STATIC
    }
}
