package dev.guildcast.fanout.audience;

/// Which sessions of a list get a payload.
///
/// @param intents of which one is needed; 0: none
record IntentFilter(long intents, Content content) {
    /// Sessions told apart by whether they may read message content.
    enum Content {
        ANY,
        WITH,
        WITHOUT
    }

    boolean passes(Subscription session) {
        return session.wants(intents)
                && switch (content) {
                    case ANY -> true;
                    case WITH -> session.content();
                    case WITHOUT -> !session.content();
                };
    }
}
