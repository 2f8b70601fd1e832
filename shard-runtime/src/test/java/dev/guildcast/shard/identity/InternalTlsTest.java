package dev.guildcast.shard.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.shard.access.CertificateRoles;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestAuthority;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

class InternalTlsTest {
    private static final CertificateRoles ROLES = new CertificateRoles("spiffe://guildcast.internal/guildcast/");
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final TestAuthority STRANGER = new TestAuthority("stranger");

    @TempDir
    Path folder;

    private final AtomicInteger served = new AtomicInteger();
    private final List<ManagedChannel> open = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private @Nullable Server server;

    @AfterEach
    void stop() {
        open.forEach(ManagedChannel::shutdownNow);
        if (server != null) {
            server.shutdownNow();
        }
    }

    /// A bundle from files, as `spring.ssl.bundle.pem` makes it.
    private SslBundle bundle(TestAuthority issuer, TestAuthority trusted, String... uris) {
        try {
            var files = Files.createTempDirectory(folder, "tls");
            issuer.issue(List.of(uris), List.of("any")).writeTo(files);
            trusted.writeTo(files);
            var keys = PemSslStore.load(PemSslStoreDetails.forCertificate(Files.readString(files.resolve("tls.crt")))
                    .withPrivateKey(Files.readString(files.resolve("tls.key"))));
            var trust = PemSslStore.load(PemSslStoreDetails.forCertificate(Files.readString(files.resolve("ca.crt"))));
            return SslBundle.of(new PemSslStoreBundle(keys, trust));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private SslBundle bundle(PeerRole role) {
        return bundle(AUTHORITY, AUTHORITY, ROLES.identity(role));
    }

    private static InternalTls tls(SslBundle bundle) {
        return InternalTls.mutual(new DefaultSslBundleRegistry("internal", bundle), "internal");
    }

    private void serve(PeerRole role) throws Exception {
        bundles.registerBundle("internal", bundle(role));
        var tls = InternalTls.mutual(bundles, "internal");
        // As Spring's server takes it.
        var managers = ReloadableSslBundle.of(() -> tls).getManagers();
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TlsServerCredentials.newBuilder()
                                .keyManager(managers.getKeyManagers())
                                .trustManager(managers.getTrustManagers())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(new SessionHostGrpc.SessionHostImplBase() {
                    @Override
                    public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> response) {
                        served.incrementAndGet();
                        response.onNext(UserGuildsResponse.getDefaultInstance());
                        response.onCompleted();
                    }
                })
                .intercept(new GrpcCallAuthorizer(
                        GrpcIdentity.byCertificate(tls.keys(), tls.authorities(), ROLES)
                                .callers(),
                        meters))
                .build()
                .start();
    }

    private Channel caller(SslBundle bundle) {
        var tls = tls(bundle);
        // An address, which no certificate here names.
        return open(
                GrpcIdentity.byCertificate(tls.keys(), tls.authorities(), ROLES).channel(target()));
    }

    private Channel open(NettyChannelBuilder builder) {
        var channel = builder.build();
        open.add(channel);
        return channel;
    }

    private String target() {
        return "127.0.0.1:" + Objects.requireNonNull(server).getPort();
    }

    private static Status.Code call(Channel channel) {
        try {
            var unused = SessionHostGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .userGuilds(UserGuildsRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @Test
    void theCertificateOfARoleOfTheRowIsServed() throws Exception {
        serve(PeerRole.SESSION);
        assertThat(call(caller(bundle(PeerRole.PRESENCE)))).isEqualTo(Status.Code.OK);
        assertThat(served).hasValue(1);
    }

    @Test
    void anotherRoleIsDenied() throws Exception {
        serve(PeerRole.SESSION);
        assertThat(call(caller(bundle(PeerRole.VOICE_SERVER)))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(served).hasValue(0);
    }

    @Test
    void aCertificateWithoutARoleIsUnauthenticated() throws Exception {
        serve(PeerRole.SESSION);
        assertThat(call(caller(bundle(AUTHORITY, AUTHORITY)))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(call(caller(bundle(AUTHORITY, AUTHORITY, "spiffe://other.internal/guildcast/presence"))))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(served).hasValue(0);
    }

    @Test
    void aCertificateOfAnotherAuthorityDoesNotConnect() throws Exception {
        serve(PeerRole.SESSION);
        assertThat(call(caller(bundle(STRANGER, AUTHORITY, ROLES.identity(PeerRole.PRESENCE)))))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(served).hasValue(0);
    }

    @Test
    void aCallerWithoutACertificateDoesNotConnect() throws Exception {
        serve(PeerRole.SESSION);
        var tls = tls(bundle(PeerRole.PRESENCE));
        var anonymous = TlsChannelCredentials.newBuilder()
                .trustManager(tls.authorities())
                .build();
        assertThat(call(open((NettyChannelBuilder) Grpc.newChannelBuilder(target(), anonymous))))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call(open(NettyChannelBuilder.forTarget(target()).usePlaintext())))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(served).hasValue(0);
    }

    @Test
    void nothingIsSentToAServerOfAnotherRole() throws Exception {
        serve(PeerRole.VOICE_SERVER);
        assertThat(call(caller(bundle(PeerRole.PRESENCE)))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(served).hasValue(0);
        assertThat(meters.getMeters()).as("no call arrived").isEmpty();
    }

    @Test
    void aServerOfAnotherAuthorityIsNotConnectedTo() throws Exception {
        serve(PeerRole.SESSION);
        assertThat(call(caller(bundle(AUTHORITY, STRANGER, ROLES.identity(PeerRole.PRESENCE)))))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(served).hasValue(0);
    }

    @Test
    void aRenewedCertificateAndAuthorityServeNewConnectionsWithoutARestart() throws Exception {
        serve(PeerRole.SESSION);
        var old = caller(bundle(PeerRole.PRESENCE));
        assertThat(call(old)).isEqualTo(Status.Code.OK);

        bundles.updateBundle("internal", bundle(STRANGER, STRANGER, ROLES.identity(PeerRole.SESSION)));

        var renewed = caller(bundle(STRANGER, STRANGER, ROLES.identity(PeerRole.PRESENCE)));
        assertThat(call(renewed)).isEqualTo(Status.Code.OK);
        assertThat(call(caller(bundle(PeerRole.PRESENCE)))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call(old)).as("an open connection stays").isEqualTo(Status.Code.OK);
    }

    @Test
    void aBundleThatCannotBeUsedLeavesTheFormerInPlace() throws Exception {
        serve(PeerRole.SESSION);
        bundles.updateBundle("internal", SslBundle.of(SslStoreBundle.NONE));
        assertThat(call(caller(bundle(PeerRole.PRESENCE)))).isEqualTo(Status.Code.OK);
    }

    @Test
    void aBundleWithoutAnAuthorityIsRejectedSinceJavasOwnWouldBeTrusted() {
        var complete = bundle(PeerRole.SESSION);
        var keysOnly = SslBundle.of(SslStoreBundle.of(complete.getStores().getKeyStore(), null, null));
        assertThatThrownBy(() -> tls(keysOnly)).hasMessageContaining("no trust store");
    }
}
