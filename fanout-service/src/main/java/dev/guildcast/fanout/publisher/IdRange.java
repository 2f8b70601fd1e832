package dev.guildcast.fanout.publisher;

import dev.guildcast.contract.ShardHash;
import java.util.Set;

/// Which guilds, or users, a publisher may publish for.
public sealed interface IdRange {
    boolean contains(long id);

    /// Every id.
    record All() implements IdRange {
        @Override
        public boolean contains(long id) {
            return true;
        }

        @Override
        public String toString() {
            return "all";
        }
    }

    /// Those listed.
    record Listed(Set<Long> ids) implements IdRange {
        public Listed {
            ids = Set.copyOf(ids);
        }

        @Override
        public boolean contains(long id) {
            return ids.contains(id);
        }

        @Override
        public String toString() {
            return ids.size() + " listed";
        }
    }

    /// Those whose hash lies between two bounds, both included: `mix64(id)` modulo [#BUCKETS], unsigned. Publishers
    /// that
    /// share an installation's guilds evenly need no list.
    record Hashed(int from, int to) implements IdRange {
        /// Fine enough to divide by any number of publishers within a percent.
        public static final int BUCKETS = 1024;

        public Hashed {
            if (from < 0 || to >= BUCKETS || from > to) {
                throw new IllegalArgumentException(
                        "from " + from + " to " + to + " (expected: 0 <= from <= to < " + BUCKETS + ")");
            }
        }

        @Override
        public boolean contains(long id) {
            long bucket = Long.remainderUnsigned(ShardHash.mix64(id), BUCKETS);
            return bucket >= from && bucket <= to;
        }

        @Override
        public String toString() {
            return "those with hash " + from + " to " + to;
        }
    }
}
