package dev.guildcast.witness.verdict;

/// A time in which a client received nothing although events were due to it.
///
/// @param fromNanos when it began, by `System.nanoTime`
/// @param toNanos when it ended
public record Silence(long fromNanos, long toNanos) {
    public long millis() {
        return (toNanos - fromNanos) / 1_000_000;
    }
}
