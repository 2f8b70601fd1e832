package dev.guildcast.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.assignment.MemoryVoiceAssignmentStore;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.call.VoiceGatewayMetrics;
import dev.guildcast.voice.call.VoiceGatewayProperties;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.MediaServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// The port of the voice gateway, with clients over real sockets.
class VoiceGatewayServerIT {
    private static final int SOCKETS_MAX = 3;
    private static final Duration UPGRADE_WITHIN = Duration.ofSeconds(1);
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final Scheduler loop = Schedulers.newSingle("voice-loop-test", true);
    private final HttpClient http = HttpClient.newHttpClient();
    private VoiceGatewayServer server;

    @BeforeEach
    void start() {
        var properties = new VoiceProperties(
                VoiceProperties.Store.MEMORY,
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                "local",
                0.01,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                1000);
        var gatewayProperties = new VoiceGatewayProperties(
                "127.0.0.1",
                0,
                "",
                "",
                "",
                Duration.ofSeconds(15),
                UPGRADE_WITHIN,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                SOCKETS_MAX,
                120,
                DataSize.ofKilobytes(256),
                DataSize.ofKilobytes(64));
        var voiceLoop = new VoiceLoop(Clock.systemUTC(), System::nanoTime, loop);
        var store = new MemoryVoiceAssignmentStore(Clock.systemUTC(), Duration.ofSeconds(6));
        var registry = new VoiceServerRegistry(properties, new Random(1));
        var gateway = new VoiceGateway(
                voiceLoop,
                new VoiceRoster(store, loop, 100),
                registry,
                new MediaServers(System::nanoTime, registry),
                gatewayProperties,
                new VoiceGatewayMetrics(new SimpleMeterRegistry()));
        var handler = new VoiceWebSocketHandler(gateway, loop, 256 * 1024, SOCKETS_MAX);
        server = new VoiceGatewayServer(handler, gatewayProperties, Optional.empty());
        server.start();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.stop();
        loop.dispose();
    }

    @Test
    void greetsEachVersionInItsOwnForm() throws Exception {
        assertThat(open("/?v=8").text()).isEqualTo("{\"op\":8,\"d\":{\"v\":8,\"heartbeat_interval\":15000}}");
        assertThat(open("/?encoding=json&v=4").text()).isEqualTo("{\"op\":8,\"d\":{\"heartbeat_interval\":15000}}");
        assertThat(open("").text()).isEqualTo("{\"op\":8,\"d\":{\"heartbeat_interval\":15000}}");
    }

    @Test
    void closesVersionsThatItDoesNotSpeak() throws Exception {
        assertThat(open("/?v=3").closeCode()).isEqualTo(4012);
        assertThat(open("/?v=10").closeCode()).isEqualTo(4012);
    }

    @Test
    void sendsWhatWasAnsweredBeforeItCloses() throws Exception {
        var client = open("/?v=8");
        client.text();
        client.socket.sendText("{\"op\":3,\"d\":{\"t\":5}}", true).join();
        client.socket.sendText("{\"op\":5,\"d\":{\"speaking\":1}}", true).join();
        assertThat(client.text()).isEqualTo("{\"op\":6,\"d\":{\"t\":5}}");
        assertThat(client.closeCode()).isEqualTo(4003);
    }

    @Test
    void closesWhoSendsTooMuchOrNonsense() throws Exception {
        var binary = open("/?v=8");
        binary.socket.sendBinary(ByteBuffer.wrap(new byte[] {99}), true).join();
        assertThat(binary.closeCode()).isEqualTo(4001);
        var text = open("/?v=8");
        text.socket.sendText("{", true).join();
        assertThat(text.closeCode()).isEqualTo(4002);
        var endless = open("/?v=8");
        endless.socket.sendText("x".repeat(70_000), true).join();
        assertThat(endless.closeCode()).isIn(1009, 4002);
    }

    @Test
    void closesWhoDoesNotUpgradeAndLeavesWhoDoes() throws Exception {
        var upgraded = open("/?v=8");
        upgraded.text();
        try (var idle = new Socket("127.0.0.1", server.port())) {
            idle.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            idle.setSoTimeout((int) WAIT.toMillis());
            long begunNanos = System.nanoTime();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isGreaterThan(UPGRADE_WITHIN.dividedBy(2));
        }
        // Opened before the other, so its own deadline has passed.
        upgraded.socket.sendText("{\"op\":3,\"d\":1}", true).join();
        assertThat(upgraded.text()).isEqualTo("{\"op\":6,\"d\":1}");
    }

    @Test
    void takesNoMoreConnectionsThanItMay() throws Exception {
        for (int i = 0; i < SOCKETS_MAX; i++) {
            open("/?v=8").text();
        }
        assertThatThrownBy(() -> open("/?v=8"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(503));
    }

    private Client open(String path) {
        var client = new Client();
        client.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), client)
                .join();
        return client;
    }

    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private WebSocket socket;

        String text() throws InterruptedException {
            String text = texts.poll(WAIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(text).isNotNull();
            return text;
        }

        int closeCode() throws Exception {
            return closed.get(WAIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            texts.add(data.toString());
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
