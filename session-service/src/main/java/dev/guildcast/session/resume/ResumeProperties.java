package dev.guildcast.session.resume;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What can be replayed. `window` and `ringMax` are part of what a shard's log means: all hosts of an installation must
/// agree on them, or a change of host could forget what the one before still promised.
///
/// @param window served time for which everything delivered can be replayed; longer serves clients that come back
///     later, and keeps more references
/// @param ringMax the most references of one session, four bytes each, a power of two from 16; reached by the busiest
///     bots only, which then resume over less than the window
/// @param payloadWindow how long applied records stay in memory; a replay that reaches further back reads the log
/// @param payloadMemory bytes that the records of one shard may take in memory, whatever their age
@ConfigurationProperties("session.resume")
public record ResumeProperties(
        @DefaultValue("5m") Duration window,
        @DefaultValue("16384") int ringMax,
        @DefaultValue("30s") Duration payloadWindow,
        @DefaultValue("64MB") DataSize payloadMemory) {
    private static final int RING_LEAST = 16;

    public ResumeProperties {
        if (ringMax < RING_LEAST || Integer.bitCount(ringMax) != 1) {
            throw new IllegalArgumentException(
                    "session.resume.ring-max is " + ringMax + " (expected: a power of two from " + RING_LEAST + ")");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("session.resume.window is " + window + " (expected: at least 1s)");
        }
        if (payloadWindow.isNegative() || payloadMemory.isNegative()) {
            throw new IllegalArgumentException("session.resume.payload-window is " + payloadWindow
                    + ", session.resume.payload-memory is " + payloadMemory + " (expected: not negative)");
        }
    }
}
