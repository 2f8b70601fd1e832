package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.loop.GuildTaskQueues;
import dev.guildcast.voice.media.GrpcOrderStream;
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

/// The gRPC service: gateways send op 4 here, and voice servers register.
///
/// A server's stream is read one report at a time: the next is requested when the loop has processed the last.
final class GrpcVoiceEndpoint extends VoiceGrpc.VoiceImplBase {
    private static final Logger log = LoggerFactory.getLogger(GrpcVoiceEndpoint.class);
    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern ENDPOINT_PATTERN = Pattern.compile("[A-Za-z0-9.\\[\\]:_-]{1,255}");

    private final VoiceSignaling signaling;
    private final VoiceServerMonitor serverMonitor;
    private final VoiceMetrics metrics;

    GrpcVoiceEndpoint(VoiceSignaling signaling, VoiceServerMonitor serverMonitor, VoiceMetrics metrics) {
        this.signaling = signaling;
        this.serverMonitor = serverMonitor;
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
                .updateState(request)
                .subscribe(
                        verdict -> {
                            metrics.updateAnswered(verdict);
                            responses.onNext(UpdateStateResponse.newBuilder()
                                    .setVerdict(verdict)
                                    .build());
                            responses.onCompleted();
                        },
                        failure -> {
                            metrics.updateFailed();
                            log.debug("a voice state update failed: {}", failure.toString());
                            responses.onError(status(failure).asRuntimeException());
                        });
    }

    @Override
    public StreamObserver<ServerReport> registerServer(StreamObserver<ServerOrder> responses) {
        var call = (ServerCallStreamObserver<ServerOrder>) responses;
        call.disableAutoRequest();
        var stream = new ServerReportObserver(call, new GrpcOrderStream<>(call, metrics::commandDropped, () -> {}));
        call.request(1);
        return stream;
    }

    private static Status status(Throwable failure) {
        return failure instanceof RejectedExecutionException
                ? Status.RESOURCE_EXHAUSTED.withDescription("more than " + GuildTaskQueues.QUEUED_PER_GUILD_MAX
                        + " updates of this guild are queued; retry later")
                : Status.UNAVAILABLE.withDescription("the guild's owner or log is unavailable; retry later");
    }

    private final class ServerReportObserver implements StreamObserver<ServerReport> {
        private final ServerCallStreamObserver<ServerOrder> call;
        private final GrpcOrderStream<ServerOrder> commands;
        private @Nullable VoiceServer server;

        ServerReportObserver(ServerCallStreamObserver<ServerOrder> call, GrpcOrderStream<ServerOrder> commands) {
            this.call = call;
            this.commands = commands;
        }

        @Override
        public void onNext(ServerReport report) {
            VoiceServer registered = server;
            if (registered == null) {
                onHello(report);
            } else {
                onReport(registered, report);
            }
        }

        private void onHello(ServerReport report) {
            ServerHello hello = report.getHello();
            if (!NAME_PATTERN.matcher(hello.getServerId()).matches()
                    || !NAME_PATTERN.matcher(hello.getRegion()).matches()
                    || !ENDPOINT_PATTERN.matcher(hello.getEndpoint()).matches()
                    || !VoiceToken.isValidKey(hello.getTokenKey())) {
                commands.end(Status.INVALID_ARGUMENT.withDescription(
                        "the first report needs a hello with server_id and region (1 to 64 of A-Za-z0-9._-),"
                                + " endpoint (host[:port] without a scheme)"
                                + " and token_key (base64url of 32 bytes)"));
                return;
            }
            var registering =
                    new VoiceServer(hello.getServerId(), hello.getRegion(), hello.getEndpoint(), hello.getTokenKey());
            server = registering;
            serverMonitor.offerHello(registering, commands).subscribe(accepted -> {
                if (accepted) {
                    onReport(registering, report);
                } else {
                    commands.end(Status.RESOURCE_EXHAUSTED.withDescription(VoiceServerRegistry.SERVERS_MAX
                            + " voice servers report to this instance, which serves no more; use another one"));
                }
            });
        }

        private void onReport(VoiceServer registered, ServerReport report) {
            serverMonitor.offerReport(registered, commands, report).subscribe(ignored -> {}, this::onError, () -> {
                if (!commands.isEnded()) {
                    call.request(1);
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            log.debug("the stream of a voice server failed: {}", failure.toString());
        }

        @Override
        public void onCompleted() {
            commands.end(Status.OK);
        }
    }
}
