package dev.guildcast.coordinator.shard;

/// What comes of an operator's wish.
sealed interface Answer {
    record Done(Outcome outcome) implements Answer {}

    /// @param message for people: what is wrong, and with what
    record Refused(Reason reason, String message) implements Answer {}

    enum Reason {
        NODE_UNKNOWN,
        SHARD_UNKNOWN,
        NODE_CANNOT_OWN,
        NODE_LEAVING,
        SHARD_IN_TRANSFER
    }

    static Refused refuse(Reason reason, String message) {
        return new Refused(reason, message);
    }
}
