package dev.guildcast.coordinator.endpoint;

import dev.guildcast.coordinator.director.OperationResult;
import dev.guildcast.shard.coordination.CoordinatorErrorReason;
import dev.guildcast.shard.coordination.GrpcCoordinatorErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/// The refusals of this endpoint that name its bounds; those that nodes act on are in [GrpcCoordinatorErrors].
final class GrpcErrors {
    private GrpcErrors() {}

    static StatusRuntimeException invalid(String message) {
        return GrpcCoordinatorErrors.of(Status.Code.INVALID_ARGUMENT, CoordinatorErrorReason.INVALID_REQUEST, message);
    }

    /// @param tasksMax the bound that was reached
    static StatusRuntimeException queueFull(int tasksMax) {
        return GrpcCoordinatorErrors.of(
                Status.Code.RESOURCE_EXHAUSTED,
                CoordinatorErrorReason.BUSY,
                tasksMax + " requests are queued (coordinator.map.tasks-max); try again later");
    }

    /// @param watchersMax the bound that was reached
    static StatusRuntimeException tooManyWatchers(int watchersMax) {
        return GrpcCoordinatorErrors.of(
                Status.Code.RESOURCE_EXHAUSTED,
                CoordinatorErrorReason.BUSY,
                watchersMax + " watchers are served (coordinator.map.watchers-max); try again later");
    }

    static StatusRuntimeException closing() {
        return GrpcCoordinatorErrors.of(
                Status.Code.UNAVAILABLE, CoordinatorErrorReason.CLOSING, "this replica is closing; use another one");
    }

    static StatusRuntimeException streamEnded(String reason) {
        return GrpcCoordinatorErrors.of(Status.Code.ABORTED, CoordinatorErrorReason.STREAM_ENDED, reason);
    }

    static StatusRuntimeException of(OperationResult.Rejected rejected) {
        var code = switch (rejected.reason()) {
            case NODE_UNKNOWN, SHARD_UNKNOWN -> Status.Code.NOT_FOUND;
            case NODE_CANNOT_OWN, NODE_LEAVING, SHARD_IN_TRANSFER -> Status.Code.FAILED_PRECONDITION;
        };
        return GrpcCoordinatorErrors.of(code, rejected.reason().name(), rejected.message());
    }
}
