package dev.guildcast.shard.coordination;

import io.grpc.Status;
import java.util.Optional;

/// Why the coordinator ended a stream; read from its error by [GrpcCoordinatorErrors].
sealed interface GrpcCoordinatorRefusal {
    /// Another replica is the leader; its address is empty while this one knows none.
    record NotLeader(Optional<String> leaderAddress) implements GrpcCoordinatorRefusal {}

    /// This node's configuration differs from the installation's: a retry cannot succeed.
    record Misconfigured(String message) implements GrpcCoordinatorRefusal {}

    /// Anything else, usually a broken connection.
    record StreamFailure(Status status) implements GrpcCoordinatorRefusal {}
}
