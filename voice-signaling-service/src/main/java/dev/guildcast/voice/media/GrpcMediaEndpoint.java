package dev.guildcast.voice.media;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.v1.MediaHello;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaOrderResult;
import dev.guildcast.voice.v1.MediaServerMessage;
import dev.guildcast.voice.v1.VoiceMediaGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/// The gRPC service to which voice servers connect.
///
/// A stream is read one message at a time: the next is requested when the loop has processed the last.
public final class GrpcMediaEndpoint extends VoiceMediaGrpc.VoiceMediaImplBase {
    private static final Logger log = LoggerFactory.getLogger(GrpcMediaEndpoint.class);
    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern IP_PATTERN = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final int PORT_MAX = 65_535;

    private final MediaServers servers;
    private final Scheduler loop;
    private final VoiceGatewayAddress gateway;
    private final Runnable onOrderDropped;

    /// @param onOrderDropped counts
    public GrpcMediaEndpoint(
            MediaServers servers, Scheduler loop, VoiceGatewayAddress gateway, Runnable onOrderDropped) {
        this.servers = servers;
        this.loop = loop;
        this.gateway = gateway;
        this.onOrderDropped = onOrderDropped;
    }

    @Override
    public StreamObserver<MediaServerMessage> connect(StreamObserver<MediaOrder> responses) {
        var call = (ServerCallStreamObserver<MediaOrder>) responses;
        call.disableAutoRequest();
        var observer = new MessageObserver(call);
        call.request(1);
        return observer;
    }

    private final class MessageObserver implements StreamObserver<MediaServerMessage>, MediaLink {
        private final ServerCallStreamObserver<MediaOrder> call;
        private final GrpcOrderStream<MediaOrder> orders;
        /// Of the loop: empty before the hello.
        private String serverId = "";

        MessageObserver(ServerCallStreamObserver<MediaOrder> call) {
            this.call = call;
            this.orders = new GrpcOrderStream<>(call, onOrderDropped, this::offerEnded);
        }

        @Override
        public void onNext(MediaServerMessage message) {
            loop.schedule(() -> {
                onMessage(message);
                if (!orders.isEnded()) {
                    call.request(1);
                }
            });
        }

        private void onMessage(MediaServerMessage message) {
            if (message.hasHello() == !serverId.isEmpty()) {
                orders.end(Status.INVALID_ARGUMENT.withDescription("the first message is a hello, and no other is"));
                return;
            }
            switch (message.getMessageCase()) {
                case HELLO -> onHello(message.getHello());
                case LOAD ->
                    servers.onLoad(
                            serverId,
                            this,
                            message.getLoad().getLoad(),
                            message.getLoad().getDraining());
                case PULSE -> servers.onPulse(serverId, this, message.getPulse().getNonce());
                case RESULT ->
                    servers.onResult(
                            serverId,
                            this,
                            message.getResult().getOrderId(),
                            outcome(message.getResult().getOutcome()));
                case MESSAGE_NOT_SET -> {}
            }
        }

        private void onHello(MediaHello hello) {
            String wrong = wrongField(hello);
            if (wrong != null) {
                orders.end(Status.INVALID_ARGUMENT.withDescription(wrong));
                return;
            }
            serverId = hello.getServerId();
            var server = new VoiceServer(serverId, hello.getRegion(), gateway.endpoint(), gateway.tokenKey(), true);
            boolean accepted = servers.onHello(
                    new MediaServer(
                            server, hello.getIp(), hello.getPort(), hello.getProcessId(), hello.getParticipantsMax()),
                    this,
                    hello.getRoomsList());
            if (!accepted) {
                orders.end(Status.RESOURCE_EXHAUSTED.withDescription(VoiceServerRegistry.SERVERS_MAX
                        + " voice servers report to this instance, which serves no more; use another one"));
            }
        }

        private @Nullable String wrongField(MediaHello hello) {
            if (!NAME_PATTERN.matcher(hello.getServerId()).matches()
                    || !NAME_PATTERN.matcher(hello.getRegion()).matches()) {
                return "server_id and region are 1 to 64 of A-Za-z0-9._-";
            }
            if (!IP_PATTERN.matcher(hello.getIp()).matches() || hello.getPort() < 1 || hello.getPort() > PORT_MAX) {
                return "ip and port name the UDP port for media: an IPv4 or IPv6 literal, and 1 to 65535";
            }
            return hello.getParticipantsMax() < 1 ? "participants_max is 1 or more" : null;
        }

        private void offerEnded() {
            loop.schedule(() -> servers.onLinkEnded(serverId, this));
        }

        @Override
        public void send(MediaOrder order) {
            orders.accept(order);
        }

        @Override
        public void end(String reason) {
            orders.end(Status.UNAVAILABLE.withDescription(reason));
        }

        @Override
        public void onError(Throwable failure) {
            log.debug("the stream of a voice server failed: {}", failure.toString());
            offerEnded();
        }

        @Override
        public void onCompleted() {
            orders.end(Status.OK);
            offerEnded();
        }
    }

    private static MediaOutcome outcome(MediaOrderResult.Outcome outcome) {
        return switch (outcome) {
            case DONE -> MediaOutcome.DONE;
            case FENCED -> MediaOutcome.FENCED;
            case SSRC_TAKEN -> MediaOutcome.SSRC_TAKEN;
            case FULL -> MediaOutcome.FULL;
            case ABSENT, INVALID, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> MediaOutcome.REFUSED;
        };
    }
}
