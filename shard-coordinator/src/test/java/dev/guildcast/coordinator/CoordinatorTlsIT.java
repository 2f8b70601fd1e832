package dev.guildcast.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.shard.access.CertificateRoles;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.identity.InternalTls;
import dev.guildcast.shard.testing.TestAuthority;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.GetMapRequest;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/// A whole service with mutual TLS by Spring's SSL bundles.
class CoordinatorTlsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final CertificateRoles ROLES = new CertificateRoles("spiffe://guildcast.internal/guildcast/");
    private static final TestAuthority FIRST = new TestAuthority("first");
    private static final TestAuthority SECOND = new TestAuthority("second");

    @TempDir
    static Path folder;

    private static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start() {
        write(folder, FIRST, PeerRole.COORDINATOR);
        replica = CoordinatorApplication.start(arguments(
                // Which TLS permits.
                "--spring.grpc.server.address=0.0.0.0",
                "--guildcast.internal.tls=true",
                "--spring.ssl.bundle.pem.internal.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                "--spring.ssl.bundle.pem.internal.keystore.certificate=file:" + folder.resolve("tls.crt"),
                "--spring.ssl.bundle.pem.internal.keystore.private-key=file:" + folder.resolve("tls.key"),
                "--spring.ssl.bundle.pem.internal.truststore.certificate=file:" + folder.resolve("ca.crt")));
    }

    @AfterAll
    static void stop() {
        if (replica != null) {
            replica.close();
        }
    }

    private static String[] arguments(String... more) {
        var arguments = new ArrayList<>(List.of(
                "--guildcast.kafka.bootstrap-servers=" + Brokers.shared().kafkaBootstrap(),
                "--guildcast.kafka.prefix=tls-" + UUID.randomUUID() + ".",
                "--coordinator.topics.replication=1",
                "--coordinator.topics.min-insync=1",
                "--spring.grpc.server.port=0",
                "--server.port=0",
                "--server.address=127.0.0.1"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static void write(Path into, TestAuthority authority, PeerRole role) {
        authority.writeTo(into);
        authority.issue(List.of(ROLES.identity(role)), List.of("any")).writeTo(into);
    }

    private static NettyChannelBuilder channel(TestAuthority authority, PeerRole role) {
        try {
            var files = Files.createTempDirectory(folder, "caller");
            write(files, authority, role);
            var bundle = SslBundle.of(new PemSslStoreBundle(
                    PemSslStoreDetails.forCertificate("file:" + files.resolve("tls.crt"))
                            .withPrivateKey("file:" + files.resolve("tls.key")),
                    PemSslStoreDetails.forCertificate("file:" + files.resolve("ca.crt"))));
            var tls = InternalTls.mutual(new DefaultSslBundleRegistry("caller", bundle), "caller");
            return GrpcIdentity.byCertificate(tls.keys(), tls.authorities(), ROLES)
                    .channel(target());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target() {
        return "127.0.0.1:" + replica.getBean(GrpcServerLifecycle.class).getPort();
    }

    private static Status.Code getMap(ManagedChannelBuilder<?> builder) {
        var channel = builder.build();
        try {
            var unused = CoordinatorGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .getMap(GetMapRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void rolesAreReadFromCertificatesThatAreRenewedWithoutARestart() throws Exception {
        assertThat(getMap(channel(FIRST, PeerRole.OPERATOR))).isEqualTo(Status.Code.OK);
        assertThat(getMap(channel(FIRST, PeerRole.GATEWAY))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(getMap(channel(SECOND, PeerRole.OPERATOR))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(getMap(NettyChannelBuilder.forTarget(target()).usePlaintext()))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(getMap(TestIdentity.of(PeerRole.OPERATOR).channel(target()))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(actuator("/actuator/prometheus"))
                .contains("guildcast_shard_calls_refused_total{method=\"dev.guildcast.shard.v1.Coordinator/GetMap\"");
        assertThat(actuator("/actuator/health/readiness")).contains("UP");

        write(folder, SECOND, PeerRole.COORDINATOR);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(getMap(channel(SECOND, PeerRole.OPERATOR))).isEqualTo(Status.Code.OK));
        assertThat(getMap(channel(FIRST, PeerRole.OPERATOR))).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void nothingStartsOpenOrWithoutAProofOfItsRole() {
        assertThatThrownBy(() -> CoordinatorApplication.start(
                        arguments(TestIdentity.ARGUMENT, "--spring.grpc.server.address=0.0.0.0")))
                .rootCause()
                .hasMessageContaining("spring.grpc.server.address")
                .hasMessageContaining("0.0.0.0");
        assertThatThrownBy(() -> CoordinatorApplication.start(arguments()))
                .rootCause()
                .hasMessageContaining("guildcast.internal.tls")
                .hasMessageContaining("guildcast.internal.secret-file");
        assertThatThrownBy(() -> CoordinatorApplication.start(arguments("--guildcast.internal.tls=true")))
                .rootCause()
                .hasMessageContaining("internal");
    }

    @Test
    void plaintextBeyondTheLoopbackAddressIsTheOperatorsWord() {
        try (var open = CoordinatorApplication.start(arguments(
                TestIdentity.ARGUMENT,
                "--spring.grpc.server.address=0.0.0.0",
                "--guildcast.internal.plaintext=true"))) {
            var port = open.getBean(GrpcServerLifecycle.class).getPort();
            assertThat(getMap(TestIdentity.of(PeerRole.OPERATOR).channel("127.0.0.1:" + port)))
                    .isEqualTo(Status.Code.OK);
            assertThat(getMap(NettyChannelBuilder.forTarget("127.0.0.1:" + port).usePlaintext()))
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    private static String actuator(String path) throws Exception {
        var port = replica.getEnvironment().getProperty("local.server.port");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
