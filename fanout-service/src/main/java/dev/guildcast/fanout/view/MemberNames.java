package dev.guildcast.fanout.view;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/// The members of one guild by name and nick, for queries by prefix: their cost is that of the result, not of the
/// guild.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** two entries a member, about 100 bytes each.
final class MemberNames {
    private record Entry(String name, long userId) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : Long.compare(userId, other.userId);
        }
    }

    private final TreeSet<Entry> entries = new TreeSet<>();

    void add(Member member) {
        entries.add(new Entry(member.username(), member.userId()));
        if (!member.nick().isEmpty()) {
            entries.add(new Entry(member.nick(), member.userId()));
        }
    }

    void remove(Member member) {
        entries.remove(new Entry(member.username(), member.userId()));
        entries.remove(new Entry(member.nick(), member.userId()));
    }

    /// Users with such a name or nick, in the order of these, at most so many.
    Set<Long> startingWith(String prefix, int max) {
        var users = new LinkedHashSet<Long>();
        for (Entry entry : entries.tailSet(new Entry(prefix, Long.MIN_VALUE))) {
            if (users.size() == max || !entry.name.startsWith(prefix)) {
                break;
            }
            users.add(entry.userId);
        }
        return users;
    }
}
