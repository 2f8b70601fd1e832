package dev.guildcast.shard.coordination;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/// What a coordinator says when it turns a stream down.
sealed interface GrpcRefusal {
    String NOT_LEADER = "NOT_LEADER";
    String LEADER = "leader";
    String TOPOLOGY_DIFFERS = "TOPOLOGY_DIFFERS";

    /// Another replica leads; empty while this one knows of none.
    record NotLeader(Optional<String> leaderAddress) implements GrpcRefusal {}

    /// This node's configuration is not the installation's: trying again changes nothing.
    record Misconfigured(String message) implements GrpcRefusal {}

    /// Anything else, a broken connection above all.
    record Broken(Status status) implements GrpcRefusal {}

    static GrpcRefusal of(Throwable error) {
        var status = Status.fromThrowable(error);
        var details = StatusProto.fromThrowable(error);
        if (status.getCode() != Status.Code.FAILED_PRECONDITION || details == null) {
            return new Broken(status);
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return of(status, unpack(detail));
            }
        }
        return new Broken(status);
    }

    private static GrpcRefusal of(Status status, ErrorInfo info) {
        return switch (info.getReason()) {
            case NOT_LEADER ->
                new NotLeader(
                        Optional.ofNullable(info.getMetadataMap().get(LEADER)).filter(address -> !address.isBlank()));
            case TOPOLOGY_DIFFERS -> new Misconfigured(String.valueOf(status.getDescription()));
            default -> new Broken(status);
        };
    }

    private static ErrorInfo unpack(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException malformed) {
            return ErrorInfo.getDefaultInstance();
        }
    }
}
