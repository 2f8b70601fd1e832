package dev.guildcast.shard.coordination;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;

/// The coordinator's errors as they travel: a status with an `ErrorInfo`, written by a replica and read by a node.
public final class GrpcCoordinatorErrors {
    /// The `domain` of every `ErrorInfo`.
    private static final String DOMAIN = "guildcast.dev";
    /// The metadata entry of [CoordinatorErrorReason#NOT_LEADER] that holds the leader's address.
    private static final String LEADER = "leader";

    private GrpcCoordinatorErrors() {}

    /// @param leaderAddress empty if no leader is known
    public static StatusRuntimeException notLeader(String leaderAddress) {
        return error(
                Status.Code.FAILED_PRECONDITION,
                CoordinatorErrorReason.NOT_LEADER.name(),
                leaderAddress.isEmpty() ? "no leader is known" : "the leader is at " + leaderAddress,
                leaderAddress.isEmpty() ? Map.of() : Map.of(LEADER, leaderAddress));
    }

    public static StatusRuntimeException topologyDiffers(String message) {
        return of(Status.Code.FAILED_PRECONDITION, CoordinatorErrorReason.TOPOLOGY_DIFFERS, message);
    }

    public static StatusRuntimeException of(Status.Code code, CoordinatorErrorReason reason, String message) {
        return of(code, reason.name(), message);
    }

    /// @param reason of an operation that was rejected, which has reasons of its own
    public static StatusRuntimeException of(Status.Code code, String reason, String message) {
        return error(code, reason, message, Map.of());
    }

    /// What the error of a stream means to a node.
    static GrpcCoordinatorRefusal refusalOf(Throwable error) {
        var status = Status.fromThrowable(error);
        var details = StatusProto.fromThrowable(error);
        if (status.getCode() != Status.Code.FAILED_PRECONDITION || details == null) {
            return new GrpcCoordinatorRefusal.StreamFailure(status);
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return refusalOf(status, unpack(detail));
            }
        }
        return new GrpcCoordinatorRefusal.StreamFailure(status);
    }

    private static GrpcCoordinatorRefusal refusalOf(Status status, ErrorInfo info) {
        if (info.getReason().equals(CoordinatorErrorReason.NOT_LEADER.name())) {
            var leader = info.getMetadataMap().get(LEADER);
            return new GrpcCoordinatorRefusal.NotLeader(
                    Optional.ofNullable(leader).filter(address -> !address.isBlank()));
        }
        if (info.getReason().equals(CoordinatorErrorReason.TOPOLOGY_DIFFERS.name())) {
            return new GrpcCoordinatorRefusal.Misconfigured(String.valueOf(status.getDescription()));
        }
        return new GrpcCoordinatorRefusal.StreamFailure(status);
    }

    private static StatusRuntimeException error(
            Status.Code code, String reason, String message, Map<String, String> metadata) {
        var info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason).putAllMetadata(metadata);
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(info.build()))
                .build());
    }

    private static ErrorInfo unpack(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException malformed) {
            return ErrorInfo.getDefaultInstance();
        }
    }
}
