package dev.guildcast.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long sessions wait for their client.
///
/// @param timeout time without a connection after which a session ends; longer lets clients resume after longer
///     absences, and keeps users online and rings filled for those that never return. Must lie inside
///     `session.resume.window`, or a session would outlive what it can replay
@ConfigurationProperties("session")
public record SessionProperties(@DefaultValue("180s") Duration timeout) {
    public SessionProperties {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("session.timeout is " + timeout + " (expected: at least 100ms)");
        }
    }
}
