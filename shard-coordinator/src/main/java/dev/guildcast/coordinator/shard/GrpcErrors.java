package dev.guildcast.coordinator.shard;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.guildcast.coordinator.director.OperationResult;
import dev.guildcast.shard.coordination.CoordinatorErrorReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;

/// The errors that callers receive: a status with an `ErrorInfo` reason.
final class GrpcErrors {
    private GrpcErrors() {}

    /// @param leaderAddress empty if no leader is known
    static StatusRuntimeException notLeader(String leaderAddress) {
        return of(
                Status.Code.FAILED_PRECONDITION,
                CoordinatorErrorReason.NOT_LEADER.name(),
                leaderAddress.isEmpty() ? "no leader is known" : "the leader is at " + leaderAddress,
                leaderAddress.isEmpty() ? Map.of() : Map.of(CoordinatorErrorReason.LEADER, leaderAddress));
    }

    static StatusRuntimeException topologyDiffers(String message) {
        return of(Status.Code.FAILED_PRECONDITION, CoordinatorErrorReason.TOPOLOGY_DIFFERS.name(), message, Map.of());
    }

    static StatusRuntimeException invalid(String message) {
        return of(Status.Code.INVALID_ARGUMENT, CoordinatorErrorReason.INVALID_REQUEST.name(), message, Map.of());
    }

    /// @param tasksMax the bound that was reached
    static StatusRuntimeException queueFull(int tasksMax) {
        return of(
                Status.Code.RESOURCE_EXHAUSTED,
                CoordinatorErrorReason.BUSY.name(),
                tasksMax + " requests are queued (coordinator.map.tasks-max); try again later",
                Map.of());
    }

    /// @param watchersMax the bound that was reached
    static StatusRuntimeException tooManyWatchers(int watchersMax) {
        return of(
                Status.Code.RESOURCE_EXHAUSTED,
                CoordinatorErrorReason.BUSY.name(),
                watchersMax + " watchers are served (coordinator.map.watchers-max); try again later",
                Map.of());
    }

    static StatusRuntimeException closing() {
        return of(
                Status.Code.UNAVAILABLE,
                CoordinatorErrorReason.CLOSING.name(),
                "this replica is closing; use another one",
                Map.of());
    }

    static StatusRuntimeException streamEnded(String reason) {
        return of(Status.Code.ABORTED, CoordinatorErrorReason.STREAM_ENDED.name(), reason, Map.of());
    }

    static StatusRuntimeException of(OperationResult.Rejected rejected) {
        var code = switch (rejected.reason()) {
            case NODE_UNKNOWN, SHARD_UNKNOWN -> Status.Code.NOT_FOUND;
            case NODE_CANNOT_OWN, NODE_LEAVING, SHARD_IN_TRANSFER -> Status.Code.FAILED_PRECONDITION;
        };
        return of(code, rejected.reason().name(), rejected.message(), Map.of());
    }

    private static StatusRuntimeException of(
            Status.Code code, String reason, String message, Map<String, String> metadata) {
        var info = ErrorInfo.newBuilder()
                .setDomain(CoordinatorErrorReason.DOMAIN)
                .setReason(reason)
                .putAllMetadata(metadata);
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(info.build()))
                .build());
    }
}
