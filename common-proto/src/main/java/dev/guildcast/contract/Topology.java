package dev.guildcast.contract;

import java.util.ArrayList;
import java.util.List;

/// How many shards of each kind there are: fixed when the topics are created.
///
/// @param guildShards K, the shards that guilds hash to
/// @param dedicatedShards D, further guild shards for huge guilds, with indexes K to K+D-1
/// @param userShards U
/// @param sessionShards P
public record Topology(int guildShards, int dedicatedShards, int userShards, int sessionShards) {
    /// For a laptop and tests.
    public static final Topology SMALLEST = new Topology(4, 1, 1, 4);

    public Topology {
        atLeast("guildShards", guildShards, 1);
        atLeast("dedicatedShards", dedicatedShards, 0);
        atLeast("userShards", userShards, 1);
        atLeast("sessionShards", sessionShards, 1);
        if (guildShards + dedicatedShards > ShardId.INDEX_MAX) {
            throw new IllegalArgumentException("guildShards and dedicatedShards together exceed " + ShardId.INDEX_MAX);
        }
    }

    /// The home shard of a guild.
    public ShardId guildShard(long guildId) {
        return ShardId.guild((int) Long.remainderUnsigned(guildId >>> 22, guildShards));
    }

    /// The shard of every session of a user.
    public ShardId sessionShard(long userId) {
        return ShardId.session((int) Long.remainderUnsigned(ShardHash.mix64(userId), sessionShards));
    }

    /// The shard of an ordering scope: a channel or a user.
    public ShardId userShard(long scopeId) {
        return ShardId.user((int) Long.remainderUnsigned(ShardHash.mix64(scopeId), userShards));
    }

    /// Partitions of the guild log: K+D.
    public int guildPartitions() {
        return guildShards + dedicatedShards;
    }

    /// Every shard, in order of kind and index.
    public List<ShardId> shards() {
        var all = new ArrayList<ShardId>();
        for (int i = 0; i < guildPartitions(); i++) {
            all.add(ShardId.guild(i));
        }
        for (int i = 0; i < userShards; i++) {
            all.add(ShardId.user(i));
        }
        for (int i = 0; i < sessionShards; i++) {
            all.add(ShardId.session(i));
        }
        return List.copyOf(all);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " (expected: at least " + least + ")");
        }
    }
}
