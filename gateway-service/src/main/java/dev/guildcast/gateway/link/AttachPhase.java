package dev.guildcast.gateway.link;

/// Where a [RemoteSession] stands with its host.
enum AttachPhase {
    /// No request is under way: there is no owner, or no stream to it, or a retry is scheduled.
    RESOLVING,
    ATTACHING,
    ATTACHED,
    PARKED,
    ENDED;

    /// Whether it wants to be attached.
    boolean isActive() {
        return this != PARKED && this != ENDED;
    }

    /// Whether a host holds it, as far as the gateway knows.
    boolean isAttached() {
        return this == ATTACHED || this == PARKED;
    }

    /// Whether a host has a request of it, or has attached it.
    boolean isWithHost() {
        return this == ATTACHING || this == ATTACHED;
    }
}
