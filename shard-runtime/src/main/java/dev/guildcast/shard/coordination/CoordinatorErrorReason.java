package dev.guildcast.shard.coordination;

/// The `reason` in the `ErrorInfo` of an error by which a coordinator's replica ends a call. Part of the protocol
/// between the coordinator and nodes: a name is never changed and never reused.
public enum CoordinatorErrorReason {
    /// Another replica is the leader. The metadata entry `leader` is its address, and missing while none is known.
    NOT_LEADER,
    /// The node's topology or prefix differs from the installation's; a retry cannot succeed.
    TOPOLOGY_DIFFERS,
    INVALID_REQUEST,
    /// The replica's queue or its table of watchers is full.
    BUSY,
    /// The replica is closing; another one may serve the call.
    CLOSING,
    /// The replica ended a node's stream, for instance because the node opened another.
    STREAM_ENDED
}
