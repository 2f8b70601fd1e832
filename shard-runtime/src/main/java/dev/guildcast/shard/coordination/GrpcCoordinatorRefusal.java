package dev.guildcast.shard.coordination;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/// Why the coordinator ended a stream.
sealed interface GrpcCoordinatorRefusal {
    /// Another replica is the leader; its address is empty while this one knows none.
    record NotLeader(Optional<String> leaderAddress) implements GrpcCoordinatorRefusal {}

    /// This node's configuration differs from the installation's: a retry cannot succeed.
    record Misconfigured(String message) implements GrpcCoordinatorRefusal {}

    /// Anything else, usually a broken connection.
    record StreamFailure(Status status) implements GrpcCoordinatorRefusal {}

    static GrpcCoordinatorRefusal of(Throwable error) {
        var status = Status.fromThrowable(error);
        var details = StatusProto.fromThrowable(error);
        if (status.getCode() != Status.Code.FAILED_PRECONDITION || details == null) {
            return new StreamFailure(status);
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return of(status, unpack(detail));
            }
        }
        return new StreamFailure(status);
    }

    private static GrpcCoordinatorRefusal of(Status status, ErrorInfo info) {
        if (info.getReason().equals(CoordinatorErrorReason.NOT_LEADER.name())) {
            var leader = info.getMetadataMap().get(CoordinatorErrorReason.LEADER);
            return new NotLeader(Optional.ofNullable(leader).filter(address -> !address.isBlank()));
        }
        if (info.getReason().equals(CoordinatorErrorReason.TOPOLOGY_DIFFERS.name())) {
            return new Misconfigured(String.valueOf(status.getDescription()));
        }
        return new StreamFailure(status);
    }

    private static ErrorInfo unpack(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException malformed) {
            return ErrorInfo.getDefaultInstance();
        }
    }
}
