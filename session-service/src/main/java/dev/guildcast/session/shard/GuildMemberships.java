package dev.guildcast.session.shard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Which guilds each user of the shard is a member of, whether or not the user has a session.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the memberships that fan-out has reported, eight bytes each.
/// - **Promise:** a user's guilds ascend as unsigned numbers.
final class GuildMemberships {
    private static final long[] NONE = {};

    private final Map<Long, long[]> byUser = new HashMap<>();

    /// @return false if the user was a member already
    boolean add(long userId, long guildId) {
        long[] guilds = byUser.getOrDefault(userId, NONE);
        int at = find(guilds, guildId);
        if (at >= 0) {
            return false;
        }
        int insert = -at - 1;
        long[] grown = Arrays.copyOf(guilds, guilds.length + 1);
        System.arraycopy(guilds, insert, grown, insert + 1, guilds.length - insert);
        grown[insert] = guildId;
        byUser.put(userId, grown);
        return true;
    }

    /// @return false if the user was not a member
    boolean remove(long userId, long guildId) {
        long[] guilds = byUser.getOrDefault(userId, NONE);
        int at = find(guilds, guildId);
        if (at < 0) {
            return false;
        }
        if (guilds.length == 1) {
            byUser.remove(userId);
            return true;
        }
        long[] shrunk = Arrays.copyOf(guilds, guilds.length - 1);
        System.arraycopy(guilds, at + 1, shrunk, at, guilds.length - at - 1);
        byUser.put(userId, shrunk);
        return true;
    }

    boolean contains(long userId, long guildId) {
        return find(byUser.getOrDefault(userId, NONE), guildId) >= 0;
    }

    /// The user's guilds; not to be changed.
    long[] of(long userId) {
        return byUser.getOrDefault(userId, NONE);
    }

    void restore(long userId, long[] guilds) {
        byUser.put(userId, guilds);
    }

    private static int find(long[] guilds, long guildId) {
        int low = 0;
        int high = guilds.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(guilds[middle], guildId);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }
}
