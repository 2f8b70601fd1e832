package dev.guildcast.fanout.audience;

import java.util.List;
import java.util.Set;

/// To whom an event is told.
///
/// @param channel in which required permissions count; 0: the guild. Of a thread, its parent
/// @param required permission bits, all of one of these sets; empty: none
/// @param intents of which a session needs one; 0: none
/// @param selfUsers told without these intents if they hold one of `selfIntents` (0: always)
/// @param excluded never told
/// @param redacted whether sessions without content get another payload, but for `full` users
/// @param nowMillis the view's time
public record Telling(
        Scope scope,
        long channel,
        List<Long> required,
        long intents,
        Set<Long> selfUsers,
        long selfIntents,
        Set<Long> excluded,
        boolean redacted,
        Set<Long> full,
        long nowMillis) {
    /// Those of a scope who hold one of these intents.
    public static Telling of(Scope scope, long intents) {
        return new Telling(scope, 0, List.of(), intents, Set.of(), 0, Set.of(), false, Set.of(), 0);
    }

    public Telling alsoTo(Set<Long> self, long withIntents) {
        return new Telling(scope, channel, required, intents, self, withIntents, excluded, redacted, full, nowMillis);
    }

    public Telling to(Scope other) {
        return new Telling(
                other, channel, required, intents, selfUsers, selfIntents, excluded, redacted, full, nowMillis);
    }
}
