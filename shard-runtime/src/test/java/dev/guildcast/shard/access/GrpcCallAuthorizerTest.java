package dev.guildcast.shard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.GetMapRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcCallAuthorizerTest {
    private static final SuiteSecret SECRET = SuiteSecret.of("the-secret-of-this-suite-0123456789");
    private static final String USER_GUILDS = "dev.guildcast.link.v1.SessionHost/UserGuilds";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger served = new AtomicInteger();
    private final List<ManagedChannel> open = new ArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        var undeclared = SessionHostGrpc.getUserGuildsMethod().toBuilder()
                .setFullMethodName("dev.guildcast.link.v1.Undeclared/Call")
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new SessionHostGrpc.SessionHostImplBase() {
                    @Override
                    public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> response) {
                        served.incrementAndGet();
                        response.onNext(UserGuildsResponse.getDefaultInstance());
                        response.onCompleted();
                    }
                })
                .addService(new CoordinatorGrpc.CoordinatorImplBase() {})
                .addService(ServerServiceDefinition.builder("dev.guildcast.link.v1.Undeclared")
                        .addMethod(
                                undeclared,
                                ServerCalls.asyncUnaryCall(
                                        (UserGuildsRequest request, StreamObserver<UserGuildsResponse> response) ->
                                                served.incrementAndGet()))
                        .build())
                .intercept(new GrpcCallAuthorizer(
                        GrpcIdentity.bySecret(SECRET, PeerRole.SESSION).callers(), meters))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        open.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
    }

    private Channel as(PeerRole role) {
        return open(GrpcIdentity.bySecret(SECRET, role).channel("127.0.0.1:" + server.getPort()));
    }

    private Channel open(NettyChannelBuilder builder) {
        var channel = builder.build();
        open.add(channel);
        return channel;
    }

    private static Status callUserGuilds(Channel channel) {
        return failure(
                () -> SessionHostGrpc.newBlockingStub(channel).userGuilds(UserGuildsRequest.getDefaultInstance()));
    }

    private static Status failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
    }

    private double refused(String method, String role, String reason) {
        return meters
                .find("guildcast.shard.calls.refused")
                .tags("method", method, "role", role, "reason", reason)
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aRoleOfTheRowIsServed() {
        assertThatNoException()
                .isThrownBy(() -> SessionHostGrpc.newBlockingStub(as(PeerRole.PRESENCE))
                        .userGuilds(UserGuildsRequest.getDefaultInstance()));
        assertThat(served).hasValue(1);
        assertThat(meters.find("guildcast.shard.calls.refused").counters()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerRole.class,
            names = {"PRESENCE", "OPERATOR", "PUBLISHER"},
            mode = EnumSource.Mode.EXCLUDE)
    void anyOtherRoleIsDeniedAndCounted(PeerRole role) {
        var status = callUserGuilds(as(role));
        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(status.getDescription()).contains(USER_GUILDS, role.text());
        assertThat(refused(USER_GUILDS, role.text(), "role")).isEqualTo(1);
        assertThat(served).hasValue(0);
    }

    @Test
    void theSecretMakesNobodyAPublisher() {
        assertThat(callUserGuilds(as(PeerRole.PUBLISHER)).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused(USER_GUILDS, "none", "wrong_secret")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = PeerRole.class, names = "PUBLISHER", mode = EnumSource.Mode.EXCLUDE)
    void aMethodWithoutARowIsDeniedToEveryRole(PeerRole role) {
        MethodDescriptor<UserGuildsRequest, UserGuildsResponse> undeclared =
                SessionHostGrpc.getUserGuildsMethod().toBuilder()
                        .setFullMethodName("dev.guildcast.link.v1.Undeclared/Call")
                        .build();
        var channel = as(role);
        var status = failure(() -> ClientCalls.blockingUnaryCall(
                channel, undeclared, io.grpc.CallOptions.DEFAULT, UserGuildsRequest.getDefaultInstance()));
        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refused("dev.guildcast.link.v1.Undeclared/Call", role.text(), "no_row"))
                .isEqualTo(1);
        assertThat(served).hasValue(0);
    }

    @Test
    void aCallerWithoutASecretIsUnauthenticated() {
        var channel = open(
                NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext());
        assertThat(callUserGuilds(channel).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused(USER_GUILDS, "none", "no_secret")).isEqualTo(1);
    }

    @Test
    void aCallerWithAnotherSecretIsUnauthenticatedAndLearnsNothing() {
        var other = SuiteSecret.of("the-secret-of-another-suite-0123456789");
        var status = callUserGuilds(
                open(GrpcIdentity.bySecret(other, PeerRole.PRESENCE).channel("127.0.0.1:" + server.getPort())));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(status.getDescription()).doesNotContain("the-secret");
        assertThat(refused(USER_GUILDS, "none", "wrong_secret")).isEqualTo(1);
    }

    @Test
    void aRoleThatDoesNotExistIsUnauthenticated() {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("guildcast-secret", Metadata.ASCII_STRING_MARSHALLER), SECRET.text());
        headers.put(Metadata.Key.of("guildcast-role", Metadata.ASCII_STRING_MARSHALLER), "root");
        var channel = open(NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers)));
        assertThat(callUserGuilds(channel).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void noServiceGivesShardsAway() {
        var status = failure(
                () -> CoordinatorGrpc.newBlockingStub(as(PeerRole.FANOUT)).getMap(GetMapRequest.getDefaultInstance()));
        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
}
