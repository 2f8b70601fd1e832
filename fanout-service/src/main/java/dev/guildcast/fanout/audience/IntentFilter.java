package dev.guildcast.fanout.audience;

/// Selects the sessions of a list that receive a payload.
///
/// @param intents of which a session needs one; 0: no intent needed
/// @param with bits of which a session needs each one
/// @param without bits of which a session may have none
record IntentFilter(long intents, long with, long without, ContentAccess content) {
    /// Selects sessions by whether they may read message content.
    enum ContentAccess {
        ANY,
        WITH,
        WITHOUT
    }

    boolean passes(Subscription session) {
        return session.hasAnyIntent(intents)
                && session.hasIntents(with, without)
                && switch (content) {
                    case ANY -> true;
                    case WITH -> session.content();
                    case WITHOUT -> !session.content();
                };
    }
}
