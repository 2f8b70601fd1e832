package dev.guildcast.session.resume;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What can be replayed. `window` and `ringMax` decide how a shard's log is applied: all hosts of an installation must
/// agree on them, or a change of host could evict what the host before still promised to replay.
///
/// @param window served time for which everything delivered can be replayed; longer lets clients resume after longer
///     absences, and keeps more references; the default exceeds that of `session.timeout` by two minutes, so that a
///     session never outlives its replay
/// @param ringMax the most references of one session, four bytes each, a power of two from 16; reached by the busiest
///     bots only, which then resume over less than the window
/// @param payloadWindow how long applied records stay in memory; a replay that reaches further back reads the log. The
///     default covers clients that reconnect at once, which are most
/// @param payloadMemory bytes that the records of one shard may take in memory, whatever their age; multiply it by the
///     shards of a node when sizing its heap
@ConfigurationProperties("session.resume")
public record ResumeProperties(
        @DefaultValue("5m") Duration window,
        @DefaultValue("16384") int ringMax,
        @DefaultValue("30s") Duration payloadWindow,
        @DefaultValue("64MB") DataSize payloadMemory) {
    /// The capacity with which every ring starts.
    private static final int RING_MIN = 16;

    public ResumeProperties {
        if (ringMax < RING_MIN || Integer.bitCount(ringMax) != 1) {
            throw new IllegalArgumentException(
                    "session.resume.ring-max is " + ringMax + " (expected: a power of two from " + RING_MIN + ")");
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
