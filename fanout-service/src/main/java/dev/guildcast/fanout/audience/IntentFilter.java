package dev.guildcast.fanout.audience;

/// Selects the sessions of a list that receive a payload.
///
/// @param intents of which a session needs one; 0: no intent needed
record IntentFilter(long intents, ContentAccess content) {
    /// Selects sessions by whether they may read message content.
    enum ContentAccess {
        ANY,
        WITH,
        WITHOUT
    }

    boolean passes(Subscription session) {
        return session.hasAnyIntent(intents)
                && switch (content) {
                    case ANY -> true;
                    case WITH -> session.content();
                    case WITHOUT -> !session.content();
                };
    }
}
