package dev.guildcast.coordinator.director;

/// The result of an operator's request.
public sealed interface OperationResult {
    record Accepted(DirectorOutput output) implements OperationResult {}

    /// @param message for the operator: what is wrong, and with which node or shard
    record Rejected(RejectionReason reason, String message) implements OperationResult {}

    enum RejectionReason {
        NODE_UNKNOWN,
        SHARD_UNKNOWN,
        NODE_CANNOT_OWN,
        NODE_LEAVING,
        SHARD_IN_TRANSFER
    }

    static Rejected reject(RejectionReason reason, String message) {
        return new Rejected(reason, message);
    }
}
