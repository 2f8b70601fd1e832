package dev.guildcast.contract;

/// The one hash by which keys find their shard. Changing it loses every session: it is pinned by golden vectors.
public final class ShardHash {
    private ShardHash() {}

    /// The finaliser of splitmix64: a bijection, so that ids made in sequence spread evenly.
    public static long mix64(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
