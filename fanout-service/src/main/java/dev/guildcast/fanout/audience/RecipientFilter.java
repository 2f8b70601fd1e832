package dev.guildcast.fanout.audience;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rule by which an event's recipients are chosen.
///
/// Twelve components, since all of them decide about the same sessions in one pass; [#of] makes the rule of a derived
/// event.
///
/// @param channel in which required permissions count; 0: the guild. Of a thread, its parent
/// @param requiredPermissions permission bits, all of one of these sets; empty: none
/// @param intents of which a session needs one; 0: none
/// @param withIntents bits of which a session needs each one
/// @param withoutIntents bits of which a session may have none
/// @param selfUsers receive the event without these intents if they hold one of `selfIntents` (0: always)
/// @param excludedUsers never recipients
/// @param redacted whether sessions without content receive another payload, except `fullContentUsers` users
/// @param nowMillis the view's time, which decides who is timed out
public record RecipientFilter(
        Scope scope,
        long channel,
        List<Long> requiredPermissions,
        long intents,
        long withIntents,
        long withoutIntents,
        Set<Long> selfUsers,
        long selfIntents,
        Set<Long> excludedUsers,
        boolean redacted,
        Set<Long> fullContentUsers,
        long nowMillis) {
    /// The users of a scope who hold one of these intents.
    public static RecipientFilter of(Scope scope, long intents) {
        return new RecipientFilter(scope, 0, List.of(), intents, 0, 0, Set.of(), 0, Set.of(), false, Set.of(), 0);
    }

    /// The same rule for these users only.
    public RecipientFilter among(Set<Long> users) {
        return with(new Scope.Among(scope, users), excludedUsers);
    }

    /// The same rule without these users.
    public RecipientFilter without(Set<Long> users) {
        var excluded = new HashSet<>(excludedUsers);
        excluded.addAll(users);
        return with(scope, excluded);
    }

    /// The same rule for those of its users who are in another scope, too.
    public RecipientFilter within(Scope other) {
        return with(new Scope.Both(scope, other), excludedUsers);
    }

    /// The same rule for sessions with all of these intent bits, and none of those.
    public RecipientFilter forSessions(long with, long without) {
        return new RecipientFilter(
                scope,
                channel,
                requiredPermissions,
                intents,
                with,
                without,
                selfUsers,
                selfIntents,
                excludedUsers,
                redacted,
                fullContentUsers,
                nowMillis);
    }

    private RecipientFilter with(Scope otherScope, Set<Long> excluded) {
        return new RecipientFilter(
                otherScope,
                channel,
                requiredPermissions,
                intents,
                withIntents,
                withoutIntents,
                selfUsers,
                selfIntents,
                excluded,
                redacted,
                fullContentUsers,
                nowMillis);
    }

    public RecipientFilter withSelfUsers(Set<Long> self, long withIntents) {
        return new RecipientFilter(
                scope,
                channel,
                requiredPermissions,
                intents,
                withIntents,
                withoutIntents,
                self,
                withIntents,
                excludedUsers,
                redacted,
                fullContentUsers,
                nowMillis);
    }
}
