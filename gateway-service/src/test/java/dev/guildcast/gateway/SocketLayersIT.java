package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// TLS within the gateway, and connections that end in the middle of traffic, on both socket layers. Every buffer is
/// tracked, and none may be lost.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class SocketLayersIT {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String PASSWORD = "not-secret";

    @TempDir
    static Path directory;

    private static ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();
    private static final ListAppender<ILoggingEvent> LEAKS = new ListAppender<>();
    private static @Nullable GatewayFixture plain;
    private static @Nullable GatewayFixture tls;

    @Parameter
    private String layer = "";

    @BeforeParameterizedClassInvocation
    static void start(String layer) throws IOException, InterruptedException {
        levelBefore = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        LEAKS.start();
        ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(LEAKS);
        plain = new GatewayFixture("--gateway.socket.layer=" + layer, "--gateway.socket.outbound-limit=64KB");
        tls = new GatewayFixture(
                "--gateway.socket.layer=" + layer,
                "--server.ssl.key-store=" + keyStore(),
                "--server.ssl.key-store-password=" + PASSWORD);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws InterruptedException {
        plain().close();
        tls().close();
        for (int i = 0; i < 5; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
            // The detector reports when it tracks another buffer.
            io.netty.buffer.PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        ResourceLeakDetector.setLevel(levelBefore);
        ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).detachAppender(LEAKS);
        assertThat(LEAKS.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    private static GatewayFixture plain() {
        return java.util.Objects.requireNonNull(plain);
    }

    private static GatewayFixture tls() {
        return java.util.Objects.requireNonNull(tls);
    }

    /// A self-signed certificate for 127.0.0.1, made by the JDK's keytool.
    private static Path keyStore() throws IOException, InterruptedException {
        var store = directory.resolve("gateway.p12");
        if (!Files.exists(store)) {
            var keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "gateway",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=gateway",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        return store;
    }

    private static SSLContext trusting() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(directory.resolve("gateway.p12").toFile(), PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// Collects the messages of the JDK's client.
    private static final class Collector implements WebSocket.Listener {
        final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                received.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add("closed " + code);
            return null;
        }

        String next() throws InterruptedException {
            return String.valueOf(received.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void servesClientsOverTls() throws Exception {
        var collector = new Collector();
        try (var client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            var socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("wss://127.0.0.1:" + tls().port + GatewayFixture.JSON), collector)
                    .get(10, TimeUnit.SECONDS);
            assertThat(collector.next()).contains("\"op\":10");
            // In fragments.
            socket.sendText(GatewayFixture.IDENT.substring(0, 20), false).get(10, TimeUnit.SECONDS);
            socket.sendText(GatewayFixture.IDENT.substring(20), true).get(10, TimeUnit.SECONDS);
            var ready = MAPPER.readTree(collector.next());
            assertThat(ready.path("t").asString()).isEqualTo("READY");
            assertThat(collector.next()).contains("GUILD_CREATE");
            var id = ready.path("d").path("session_id").asString();
            for (int i = 0; i < 200; i++) {
                tls().host.publish(id, "EVENT", "\"" + "x".repeat(i * 100) + "\"");
            }
            for (int i = 0; i < 200; i++) {
                var event = MAPPER.readTree(collector.next());
                assertThat(event.path("s").asInt()).isEqualTo(3 + i);
                assertThat(event.path("d").asString()).hasSize(i * 100);
            }
            socket.sendText("{\"op\":99}", true).get(10, TimeUnit.SECONDS);
            assertThat(collector.next()).isEqualTo("closed 4001");
        }
    }

    /// The client vanishes within a frame, and resumes after the last whole one that it has read.
    @Test
    void aConnectionThatIsCutAnywhereInAFrameIsResumedWithoutAGap() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var live = plain().live();
        live.client().drop();
        var id = live.sessionId();
        int sequence = 2;
        int published = 2;
        for (int round = 0; round < 25; round++) {
            for (int i = 0; i < 20; i++) {
                plain().host.publish(id, "EVENT", "\"" + "x".repeat(random.nextInt(3_000)) + "\"");
                published++;
            }
            try (var client = RawClient.afterHello(plain().port)) {
                client.write(RawClient.text(GatewayFixture.resumeFrame("tok-a", id, sequence)));
                int frames = random.nextInt(12);
                for (int i = 0; i < frames; i++) {
                    var frame = client.readFrame().json();
                    assertThat(frame.path("s").asInt()).as("seed %d", seed).isEqualTo(++sequence);
                }
                client.skip(random.nextInt(2_000));
            }
        }
        try (var client = plain().openAfterHello()) {
            var missed = plain().resume(client, id, sequence);
            assertThat(missed.size() - 1).as("seed %d", seed).isEqualTo(published - sequence);
        }
    }

    @Test
    void closesDuringABurstEndEachConnectionOnce() {
        for (int round = 0; round < 30; round++) {
            var live = plain().live();
            var client = live.client();
            for (int i = 0; i < 50; i++) {
                plain().host.publish(live.sessionId(), "EVENT", "\"" + "x".repeat(2_000) + "\"");
                if (i == round) {
                    switch (round % 3) {
                        case 0 -> client.sendClose(4000);
                        case 1 -> client.drop();
                        default -> client.send("no JSON");
                    }
                }
            }
            client.close();
        }
        await().until(() -> plain().bean(ConnectionRegistry.class).all().isEmpty());
    }

    @Test
    void aClientThatReadsNothingIsParkedAndNeverHoldsMoreThanItsBound() {
        var before = plain().counter("guildcast.gateway.parked");
        var lastOpened = plain().sessions.lastOpened;
        try (var client = TestClient.open(plain().port, GatewayFixture.JSON, "", false)) {
            client.send(GatewayFixture.IDENT);
            await().until(() -> !plain().sessions.lastOpened.equals(lastOpened));
            var id = plain().sessions.lastOpened;
            await().until(() -> plain().host.pushesTo(id));
            for (int i = 0; i < 100; i++) {
                plain().host.publish(id, "BIG", "\"" + "x".repeat(100_000) + "\"");
            }
            await().until(() -> plain().counter("guildcast.gateway.parked") > before);
            client.read();
            client.op(10);
            client.dispatch("READY");
            client.dispatch("GUILD_CREATE");
            for (int s = 3; s < 103; s++) {
                assertThat(client.dispatch("BIG").path("s").asInt()).isEqualTo(s);
            }
        }
    }
}
