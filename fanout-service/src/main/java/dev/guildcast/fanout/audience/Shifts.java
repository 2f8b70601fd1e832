package dev.guildcast.fanout.audience;

import java.util.List;
import java.util.Set;

/// How a change of roles, overwrites or channels changed what subscribed members see.
///
/// @param moved users who changed class: whatever is told to a class now is not for them
public record Shifts(List<OfClass> classes, List<OfUser> users, Set<Long> moved) {
    public static final Shifts NONE = new Shifts(List.of(), List.of(), Set.of());

    /// All of a class but the moved users.
    public record OfClass(VisibilityClass who, Sight before, Sight after) {}

    /// One user who moved to another class.
    public record OfUser(long user, VisibilityClass now, Sight before, Sight after) {}

    public boolean isEmpty() {
        return classes.isEmpty() && users.isEmpty();
    }
}
