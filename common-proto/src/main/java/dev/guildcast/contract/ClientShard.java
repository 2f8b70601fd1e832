package dev.guildcast.contract;

/// The `[id, count]` pair of Identify, by which a sharded bot divides its guilds.
///
/// @param id from 0, below `count`
public record ClientShard(int id, int count) {
    /// Of a client that does not shard: receives every guild, and direct messages.
    public static final ClientShard UNSHARDED = new ClientShard(0, 1);

    public ClientShard {
        if (count < 1 || id < 0 || id >= count) {
            throw new IllegalArgumentException(
                    "invalid client shard: [" + id + "," + count + "] (expected: id from 0, below count)");
        }
    }

    /// Whether events of this guild are for this client shard.
    public boolean includes(long guildId) {
        return Long.remainderUnsigned(guildId >>> 22, count) == id;
    }
}
