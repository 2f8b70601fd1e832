package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.gateway.connection.ConnectionProperties;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.netty.http.server.HttpServer;

class SocketSettingsTest {
    @Test
    void acceptedSocketsHaveTheConfiguredOptions() throws Exception {
        var accepted = new LinkedBlockingQueue<SocketChannel>();
        var properties = properties(true, DataSize.ofKilobytes(32), DataSize.ofKilobytes(16));
        var server = SocketConfiguration.options(HttpServer.create().port(0), properties)
                .doOnChannelInit((observer, channel, remote) -> accepted.add((SocketChannel) channel))
                .bindNow();
        try (var client = new Socket("127.0.0.1", server.port())) {
            assertThat(client.isConnected()).isTrue();
            var channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            assertThat(channel.config().isTcpNoDelay()).isTrue();
            // Linux doubles the requested size.
            assertThat(channel.config().getOption(ChannelOption.SO_SNDBUF)).isBetween(32 * 1024, 64 * 1024);
            assertThat(channel.config().getOption(ChannelOption.SO_RCVBUF)).isBetween(16 * 1024, 32 * 1024);
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void rejectsContradictorySettingsByName() {
        assertThatThrownBy(() -> new SocketProperties(
                        SocketLayer.FRAME,
                        DataSize.ofBytes(4096),
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        true,
                        DataSize.ofBytes(0),
                        DataSize.ofBytes(0),
                        1))
                .hasMessageContaining("gateway.socket.outbound-limit");
        assertThatThrownBy(() -> new PublicUrls("ws://host/path", ""))
                .hasMessageContaining("gateway.public.url")
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> new DrainProperties(0, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("gateway.drain.share");
        assertThatThrownBy(() -> new ConnectionProperties(0, Duration.ofSeconds(1)))
                .hasMessageContaining("gateway.connections.max");
    }

    @Test
    void aDrainReachesEveryoneWithinItsWindow() {
        var configured = new DrainProperties(2, Duration.ofSeconds(10), Duration.ofSeconds(75));
        assertThat(configured.effectiveCloseAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(configured.requestsPerSecond(50_000)).isEqualTo(1000);
        assertThat(configured.requestsPerSecond(0)).isEqualTo(1);
        var shorter = new DrainProperties(2, Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(shorter.requestsPerSecond(50_000)).isEqualTo(2500);
        var shortest = new DrainProperties(2, Duration.ofSeconds(10), Duration.ofSeconds(4));
        assertThat(shortest.effectiveCloseAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(shortest.requestsPerSecond(50_000)).isEqualTo(25_000);
        assertThat(new DrainProperties(2, Duration.ofSeconds(10), Duration.ZERO).requestsPerSecond(7))
                .isInfinite();
    }

    @Test
    void publicUrlsComeFromTheRequestUnlessTheyAreSet() {
        var derived = new PublicUrls("", "");
        assertThat(derived.url(URI.create("http://gw.test:8081/?v=10"))).isEqualTo("ws://gw.test:8081");
        assertThat(derived.resumeUrl(URI.create("https://gw.test/"))).isEqualTo("wss://gw.test");
        var set = new PublicUrls("wss://a", "wss://b:1");
        assertThat(set.url(URI.create("http://gw.test:8081/"))).isEqualTo("wss://a");
        assertThat(set.resumeUrl(URI.create("http://gw.test:8081/"))).isEqualTo("wss://b:1");
    }

    @Test
    void parsesTheUpgradeQuery() {
        assertThat(UpgradeQuery.parse(Map.of()).version()).isEqualTo(10);
        assertThat(UpgradeQuery.parse(Map.of("v", "9")).version()).isEqualTo(9);
        assertThat(UpgradeQuery.parse(Map.of("v", "8")).rejection()).contains(CloseCode.INVALID_API_VERSION);
        assertThat(UpgradeQuery.parse(Map.of("v", "10", "encoding", "etf")).rejection())
                .contains(CloseCode.DECODE_ERROR);
        assertThat(UpgradeQuery.parse(Map.of("compress", "zlib-stream")).zlibStream())
                .isTrue();
        assertThat(UpgradeQuery.parse(Map.of("compress", "zstd-stream")).zlibStream())
                .isFalse();
    }

    private static SocketProperties properties(boolean noDelay, DataSize send, DataSize receive) {
        return new SocketProperties(
                SocketLayer.FRAME,
                DataSize.ofKilobytes(256),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                noDelay,
                send,
                receive,
                64);
    }
}
