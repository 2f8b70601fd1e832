package dev.guildcast.session.presence;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What this process reports to presence-service.
///
/// @param target `host:port` of presence-service; empty: nothing is reported
/// @param beatEvery time between two beats of a session; keep it well below a third of the presences' time to live at
///     presence-service; shorter costs more traffic
@ConfigurationProperties("session.presence")
public record PresenceBeatProperties(
        @DefaultValue("") String target,
        @DefaultValue("20s") Duration beatEvery) {
    public PresenceBeatProperties {
        // Ticks, which send the beats, come every 50 ms: a shorter round could not be spread.
        if (beatEvery.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "session.presence.beat-every is " + beatEvery + " (expected: at least 100ms)");
        }
    }
}
