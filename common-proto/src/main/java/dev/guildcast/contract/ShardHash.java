package dev.guildcast.contract;

/// The hash that maps keys to shards. Changing it loses every session, so golden vectors pin it.
public final class ShardHash {
    private ShardHash() {}

    /// The finalizer of splitmix64: a bijection that spreads consecutive ids evenly.
    public static long mix64(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
