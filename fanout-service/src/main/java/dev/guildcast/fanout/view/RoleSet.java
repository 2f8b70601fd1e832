package dev.guildcast.fanout.view;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Role ids of a member, ascending and without @everyone; shared by all members with the same roles.
public final class RoleSet implements Comparable<RoleSet> {
    static final RoleSet NONE = new RoleSet(new long[0]);

    private final long[] ids;

    private RoleSet(long[] ids) {
        this.ids = ids;
    }

    public static RoleSet of(Collection<Long> ids) {
        return ids.isEmpty()
                ? NONE
                : new RoleSet(ids.stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .distinct()
                        .toArray());
    }

    public boolean contains(long id) {
        return Arrays.binarySearch(ids, id) >= 0;
    }

    RoleSet without(long id) {
        return new RoleSet(Arrays.stream(ids).filter(each -> each != id).toArray());
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    public int size() {
        return ids.length;
    }

    public long get(int index) {
        return ids[index];
    }

    @Override
    public int compareTo(RoleSet other) {
        return Arrays.compare(ids, other.ids);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoleSet that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.stream(ids).mapToObj(Long::toUnsignedString).collect(Collectors.joining(", ", "[", "]"));
    }
}
