package dev.guildcast.fanout.audience;

import java.util.List;
import java.util.Set;

/// How a change of roles, overwrites or channels changed what subscribed members see.
///
/// @param movedUsers users who changed class; an event emitted to a class now excludes them
public record VisibilityChanges(List<ClassChange> classes, List<UserChange> users, Set<Long> movedUsers) {
    public static final VisibilityChanges NONE = new VisibilityChanges(List.of(), List.of(), Set.of());

    /// A class, without the moved users.
    public record ClassChange(VisibilityClass visibilityClass, VisibleChannels before, VisibleChannels after) {}

    /// One user who moved to another class.
    public record UserChange(
            long user, VisibilityClass visibilityClass, VisibleChannels before, VisibleChannels after) {}

    public boolean isEmpty() {
        return classes.isEmpty() && users.isEmpty();
    }
}
