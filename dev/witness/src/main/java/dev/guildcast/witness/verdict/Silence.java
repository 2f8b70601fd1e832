package dev.guildcast.witness.verdict;

/// A time in which a client was told nothing though there was something to tell.
///
/// @param fromNanos when it began, by `System.nanoTime`
/// @param toNanos when it ended
public record Silence(long fromNanos, long toNanos) {
    public long millis() {
        return (toNanos - fromNanos) / 1_000_000;
    }
}
