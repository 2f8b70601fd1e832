package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.v1.ServerHello;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse;
import dev.guildcast.voice.v1.VoiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gateways bring op 4 here, and voice servers register.
///
/// A server's stream is read one report at a time: the next is asked for when the loop has taken in the last.
final class GrpcVoiceEndpoint extends VoiceGrpc.VoiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcVoiceEndpoint.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9.\\[\\]:_-]{1,255}");

    private final VoiceSignaling signaling;
    private final VoiceServers servers;
    private final VoiceMetrics metrics;

    GrpcVoiceEndpoint(VoiceSignaling signaling, VoiceServers servers, VoiceMetrics metrics) {
        this.signaling = signaling;
        this.servers = servers;
        this.metrics = metrics;
    }

    @Override
    public void updateState(UpdateStateRequest request, StreamObserver<UpdateStateResponse> responses) {
        if (request.getGuildId() == 0
                || request.getUserId() == 0
                || SessionId.parse(request.getSessionId()).isEmpty()) {
            responses.onError(Status.INVALID_ARGUMENT
                    .withDescription("guild_id, user_id and session_id must name a guild, a user and a session")
                    .asRuntimeException());
            return;
        }
        signaling
                .update(request)
                .subscribe(
                        verdict -> {
                            metrics.answered(verdict);
                            responses.onNext(UpdateStateResponse.newBuilder()
                                    .setVerdict(verdict)
                                    .build());
                            responses.onCompleted();
                        },
                        failure -> {
                            metrics.failed();
                            LOG.debug("an op 4 was not answered: {}", failure.toString());
                            responses.onError(status(failure).asRuntimeException());
                        });
    }

    @Override
    public StreamObserver<ServerReport> registerServer(StreamObserver<ServerOrder> responses) {
        var call = (ServerCallStreamObserver<ServerOrder>) responses;
        call.disableAutoRequest();
        var stream = new Reports(call, new GrpcOrderStream(call, metrics));
        call.request(1);
        return stream;
    }

    private static Status status(Throwable failure) {
        return failure instanceof RejectedExecutionException
                ? Status.RESOURCE_EXHAUSTED.withDescription("too much is asked of this guild")
                : Status.UNAVAILABLE.withDescription("the guild cannot be reached");
    }

    private final class Reports implements StreamObserver<ServerReport> {
        private final ServerCallStreamObserver<ServerOrder> call;
        private final GrpcOrderStream orders;
        private @Nullable VoiceServer server;

        Reports(ServerCallStreamObserver<ServerOrder> call, GrpcOrderStream orders) {
            this.call = call;
            this.orders = orders;
        }

        @Override
        public void onNext(ServerReport report) {
            VoiceServer known = server;
            if (known == null) {
                onHello(report);
            } else {
                onReport(known, report);
            }
        }

        private void onHello(ServerReport report) {
            ServerHello hello = report.getHello();
            if (!NAME.matcher(hello.getServerId()).matches()
                    || !NAME.matcher(hello.getRegion()).matches()
                    || !ENDPOINT.matcher(hello.getEndpoint()).matches()
                    || !VoiceToken.isKey(hello.getTokenKey())) {
                orders.end(
                        Status.INVALID_ARGUMENT.withDescription(
                                "hello: server_id and region (letters, digits, . _ -),"
                                        + " endpoint (host[:port], no scheme) and token_key (base64url of 32 bytes) come first"));
                return;
            }
            var arrived =
                    new VoiceServer(hello.getServerId(), hello.getRegion(), hello.getEndpoint(), hello.getTokenKey());
            server = arrived;
            servers.offerHello(arrived, orders).subscribe(accepted -> {
                if (accepted) {
                    onReport(arrived, report);
                } else {
                    orders.end(Status.RESOURCE_EXHAUSTED.withDescription("too many voice servers"));
                }
            });
        }

        private void onReport(VoiceServer known, ServerReport report) {
            servers.offerReport(known, orders, report).subscribe(nothing -> {}, this::onError, () -> {
                if (!orders.ended()) {
                    call.request(1);
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("a voice server's stream broke: {}", failure.toString());
        }

        @Override
        public void onCompleted() {
            orders.end(Status.OK);
        }
    }
}
