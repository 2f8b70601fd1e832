package dev.guildcast.voiceserver.socket;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Whether the media loop turns. It is part of liveness: a server whose loop stands still serves nobody until it is
/// started again.
final class MediaLoopHealth implements HealthIndicator {
    /// Twenty times as long as a loop with nothing to do takes; a full collection of a small heap is shorter.
    static final Duration TURN_WITHIN = Duration.ofSeconds(1);

    private final MediaLoop loop;

    MediaLoopHealth(MediaLoop loop) {
        this.loop = loop;
    }

    @Override
    public Health health() {
        Duration since = loop.sinceTurn();
        boolean isTurning = loop.isRunning() && since.compareTo(TURN_WITHIN) < 0;
        return (isTurning ? Health.up() : Health.down())
                .withDetail("running", loop.isRunning())
                .withDetail("millisSinceTurn", since.toMillis())
                .build();
    }
}
