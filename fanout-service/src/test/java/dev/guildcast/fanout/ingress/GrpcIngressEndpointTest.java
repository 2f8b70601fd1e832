package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcIngressEndpointTest {
    private static final int OUTSTANDING_MAX = 4;

    private final IngressFixture fixture = new IngressFixture();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new GrpcIngressEndpoint(fixture.ingress, fixture.publishers, OUTSTANDING_MAX))
            .intercept(new GrpcCallAuthorizer(
                    new GrpcPublisherVerifier(fixture.publishers, fixture.counters), new SimpleMeterRegistry()))
            .build();
    private @Nullable ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server.start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(channel).shutdownNow();
        server.shutdownNow();
    }

    private static final class Responses implements StreamObserver<PublishResponse> {
        final List<PublishResponse> received = new CopyOnWriteArrayList<>();
        final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

        @Override
        public void onNext(PublishResponse response) {
            received.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }

        List<Long> ids() {
            return received.stream().map(PublishResponse::getId).toList();
        }
    }

    private StreamObserver<PublishRequest> call(String authorization, Responses responses) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        return IngressGrpc.newStub(Objects.requireNonNull(channel))
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .publish(responses);
    }

    private static PublishRequest request(long id, String event) {
        return PublishRequest.newBuilder()
                .setId(id)
                .setEvent(ByteString.copyFromUtf8(event))
                .build();
    }

    @Test
    void aSequenceAboveTheBoundIsRefusedWithItsField() {
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        call.onNext(request(1, IngressFixture.message(1, Long.MAX_VALUE)));
        call.onCompleted();
        assertThat(responses.end.join()).isNull();
        var refused = responses.received.getFirst().getRefused();
        assertThat(refused.getField()).isEqualTo("sequence");
        assertThat(refused.getReason()).isEqualTo("is 9223372036854775807 (at most 9007199254740991)");
        assertThat(fixture.log.size()).isZero();
    }

    @Test
    void eventsAreAcknowledgedInOrderWithTheirLogPositionOrError() {
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        call.onNext(request(11, message(1)));
        call.onNext(request(12, wrong()));
        call.onNext(request(13, message(2)));
        call.onCompleted();
        assertThat(responses.end.join()).isNull();
        assertThat(responses.ids()).containsExactly(11L, 12L, 13L);
        var accepted = responses.received.get(0).getAccepted();
        assertThat(accepted.getTopic()).isEqualTo("guild.events");
        assertThat(accepted.getPartition()).isEqualTo(2);
        assertThat(accepted.getOffset()).isZero();
        var refused = responses.received.get(1).getRefused();
        assertThat(refused.getField()).isEqualTo("d.author");
        assertThat(refused.getReason()).isEqualTo("is missing");
        assertThat(responses.received.get(2).getAccepted().getOffset()).isEqualTo(1);
    }

    @Test
    void aboveItsQuotaACallEndsAfterTheResponsesThatItIsOwed() {
        fixture.shop("\"events_per_second\": 2");
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        for (int id = 1; id <= 4; id++) {
            call.onNext(request(id, message(id)));
        }
        var status = Status.fromThrowable(Objects.requireNonNull(responses.end.join()));
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("event 3", "above this publisher's 2 events/s");
        assertThat(responses.ids()).containsExactly(1L, 2L);
        assertThat(fixture.log.size()).isEqualTo(2);
    }

    @Test
    void aCallAdmitsNothingMoreOnceItsTokenIsRevoked() {
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        call.onNext(request(1, message(1)));
        await().until(() -> responses.received.size() == 1);
        fixture.publishers.replace(Map.of());
        call.onNext(request(2, message(2)));
        assertThat(Status.fromThrowable(Objects.requireNonNull(responses.end.join()))
                        .getDescription())
                .contains("revoked");
        assertThat(fixture.log.size()).isEqualTo(1);
        var again = new Responses();
        call("Bearer s3cret", again);
        assertThat(Status.fromThrowable(Objects.requireNonNull(again.end.join()))
                        .getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aResponseWaitsForItsAppendAndForThoseBeforeIt() {
        fixture.log.hold();
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        for (int id = 1; id <= 3; id++) {
            call.onNext(request(id, message(id)));
        }
        await().until(() -> fixture.log.size() == 3);
        fixture.log.acknowledge(2);
        fixture.log.acknowledge(1);
        assertThat(responses.received).isEmpty();
        fixture.log.acknowledge(0);
        await().until(() -> responses.received.size() == 3);
        assertThat(responses.ids()).containsExactly(1L, 2L, 3L);
        call.onCompleted();
        assertThat(responses.end.join()).isNull();
    }

    @Test
    void aPublisherIsSlowedWhenTooManyEventsWait() {
        fixture.log.hold();
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        for (int id = 1; id <= 20; id++) {
            call.onNext(request(id, message(id)));
        }
        call.onCompleted();
        for (int nth = 0; nth < 20; nth++) {
            int expected = Math.min(20, nth + OUTSTANDING_MAX);
            await().until(() -> fixture.log.size() >= expected);
            assertThat(fixture.log.size()).isEqualTo(expected);
            fixture.log.acknowledge(nth);
        }
        assertThat(responses.end.join()).isNull();
        assertThat(responses.received).hasSize(20);
    }

    @Test
    void aCallWithoutATokenIsRejected() {
        for (var authorization : new String[] {"Bearer other", "s3cret", ""}) {
            var responses = new Responses();
            var call = call(authorization, responses);
            call.onNext(request(1, message(1)));
            assertThat(Status.fromThrowable(responses.end.join()).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        assertThat(fixture.log.size()).isZero();
    }

    @Test
    void anUnavailableLogEndsTheCallAfterTheResponsesBeforeIt() throws InvalidProtocolBufferException {
        fixture.log.failAt(nth -> nth == 1);
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        for (int id = 1; id <= 3; id++) {
            call.onNext(request(id, message(id)));
        }
        var failure = responses.end.join();
        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(responses.ids()).containsExactly(1L);
        var details = Objects.requireNonNull(StatusProto.fromThrowable(Objects.requireNonNull(failure)));
        assertThat(details.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("APPEND_UNAVAILABLE");
    }

    @Test
    void aCallThatIsCancelledLeavesNothingInFlight() {
        fixture.log.hold();
        var responses = new Responses();
        var call = call("Bearer s3cret", responses);
        call.onNext(request(1, message(1)));
        await().until(() -> fixture.log.size() == 1);
        call.onError(Status.CANCELLED.asRuntimeException());
        fixture.log.acknowledge(0);
        await().until(() -> fixture.inFlight.events() == 0);
        assertThat(responses.received).isEmpty();
    }
}
