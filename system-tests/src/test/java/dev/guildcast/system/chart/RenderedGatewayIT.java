package dev.guildcast.system.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.gateway.GatewayApplication;
import dev.guildcast.shard.testing.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/// A gateway that runs with the file that the chart renders for it, TLS on; only ports and the place of the mounted
/// Secret differ.
class RenderedGatewayIT {
    @TempDir
    static Path folder;

    private static MountedCertificate certificate;
    private static ConfigurableApplicationContext gateway;

    @BeforeAll
    static void startsWithWhatIsRendered() throws Exception {
        certificate = MountedCertificate.in(folder.resolve("tls"), "first");
        var rendered = Chart.withoutIdentities()
                .set("internal.plaintext", true)
                .set("internal.secret", "suite-secret")
                .set("gateway.tls.secretName", "gateway-tls")
                .set("tokens.verifier", "introspection")
                .set("tokens.secret", "clients")
                .set("tokens.introspection.uri", "http://127.0.0.1:1/introspect")
                .call();
        var file = (String) Chart.map(Chart.object(rendered, "ConfigMap", "gc-gateway-service"), "data")
                .get("gateway-service.yml");
        Files.writeString(
                folder.resolve("gateway-service.yml"), file.replace("/etc/guildcast/tls/clients", certificate.path()));
        gateway = GatewayApplication.start(
                "--spring.config.additional-location=file:" + folder + "/",
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--management.server.address=127.0.0.1",
                "--management.server.port=0",
                // Half a minute less for the test of renewal.
                "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                // Nothing listens there: the gateway's own limiter serves, and it waits for a coordinator.
                "--spring.data.redis.host=127.0.0.1",
                "--spring.data.redis.port=1",
                "--guildcast.coordinator.target=127.0.0.1:1",
                "--gateway.drain.window=0s",
                TestIdentity.ARGUMENT,
                "--gateway.token.introspection.client-id=gateway",
                "--gateway.token.introspection.client-secret=unused");
    }

    @AfterAll
    static void stops() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void clientsConnectByTls() throws Exception {
        var greeted = new CompletableFuture<String>();
        var socket = client().newWebSocketBuilder()
                .buildAsync(
                        URI.create("wss://localhost:" + port("local.server.port") + "/?v=10&encoding=json"),
                        new First(greeted))
                .get(10, TimeUnit.SECONDS);
        assertThat(greeted.get(10, TimeUnit.SECONDS)).contains("\"op\":10");
        socket.abort();
    }

    @Test
    void whatIsNotTlsIsNotAnswered() {
        var plain = URI.create("http://localhost:" + port("local.server.port") + "/api/v10/gateway");
        assertThatThrownBy(() -> get(plain)).isInstanceOf(IOException.class);
    }

    @Test
    void theActuatorIsOnItsOwnPortOnly() throws Exception {
        assertThat(get(management("/actuator/health/liveness")).statusCode()).isEqualTo(200);
        assertThat(get(management("/actuator/health/readiness")).statusCode()).isEqualTo(200);
        assertThat(get(management("/actuator/prometheus")).body()).contains("jvm_memory_used_bytes");
        for (var path :
                new String[] {"/actuator", "/actuator/health", "/actuator/connections", "/actuator/prometheus"}) {
            var open = URI.create("https://localhost:" + port("local.server.port") + path);
            assertThat(get(open).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void theActuatorShowsAndChangesNothing() throws Exception {
        var connections = management("/actuator/connections");
        assertThat(get(connections).statusCode()).isEqualTo(200);
        for (var method : new String[] {"DELETE", "POST"}) {
            var request = HttpRequest.newBuilder(connections)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client().send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as(method)
                    .isEqualTo(403);
        }
        assertThat(get(connections).body()).contains("\"draining\":false");
        for (var path : new String[] {"env", "heapdump", "configprops", "beans", "shutdown"}) {
            assertThat(get(management("/actuator/" + path)).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(get(management("/actuator/health")).body()).doesNotContain("components");
    }

    @Test
    void aRenewedCertificateServesNewConnections() throws Exception {
        assertThat(served()).isEqualTo("CN=first");
        certificate.renew("second");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(served()).isEqualTo("CN=second"));
        certificate.renew("first");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(served()).isEqualTo("CN=first"));
    }

    @Test
    void theActuatorStopsAfterTheDrain() {
        // Lifecycles stop from the highest phase to the lowest.
        int drain = phase("connectionDrainer");
        int sockets = phase("webServerGracefulShutdown");
        int actuator = gateway.getBeansOfType(SmartLifecycle.class).values().stream()
                .filter(each -> each.getClass().getSimpleName().equals("ChildManagementContextInitializer"))
                .findFirst()
                .orElseThrow()
                .getPhase();
        assertThat(drain).isGreaterThan(sockets);
        assertThat(sockets).isGreaterThan(actuator);
    }

    private static int phase(String bean) {
        return gateway.getBean(bean, SmartLifecycle.class).getPhase();
    }

    private static String served() throws IOException, InterruptedException, SSLPeerUnverifiedException {
        var response = get(URI.create("https://localhost:" + port("local.server.port") + "/api/v10/gateway"));
        var chain = response.sslSession().orElseThrow().getPeerCertificates();
        return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        try (var client = client()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(MountedCertificate.trustingAny())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static URI management(String path) {
        return URI.create("http://127.0.0.1:" + port("local.management.port") + path);
    }

    private static String port(String property) {
        return Objects.requireNonNull(gateway.getEnvironment().getProperty(property));
    }

    private record First(CompletableFuture<String> text) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
        }
    }
}
