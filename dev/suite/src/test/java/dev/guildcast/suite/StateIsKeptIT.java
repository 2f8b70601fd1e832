package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.watch.GatewayWatcher;
import dev.guildcast.suite.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a suite keeps over a stop and a start of everything.
class StateIsKeptIT {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(4);
    private static final long GUILDS_AND_MESSAGES = 1L | 1L << 9;

    @TempDir
    Path home;

    private final List<String> console = new CopyOnWriteArrayList<>();

    @Test
    void sessionsGuildChangesAndTokensOutliveARestartOfEverything() throws Exception {
        int port = freeSpan();
        var world = World.read(Optional.empty());
        var guild = world.guilds().getFirst();
        var channel = guild.channels().stream()
                .filter(one -> one.name().equals("general"))
                .findFirst()
                .orElseThrow();
        var received = new CopyOnWriteArrayList<String>();
        String token;
        Thread client;
        try (var first = start(port)) {
            token = first.status().ingressToken();
            client = Thread.ofVirtual().start(() -> watch(first.status().gateway(), received));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> received.stream().anyMatch(l -> l.contains("GUILD_CREATE")));
            publish(
                    first,
                    "{\"t\":\"CHANNEL_UPDATE\",\"d\":{\"id\":\"" + Long.toUnsignedString(channel.id())
                            + "\",\"guild_id\":\"" + Long.toUnsignedString(guild.id())
                            + "\",\"type\":0,\"name\":\"renamed-channel\",\"position\":0,\"permission_overwrites\":[]}}");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> received.stream().anyMatch(l -> l.contains("renamed-channel")));
        }
        try (var second = start(port)) {
            assertThat(second.status().ingressToken()).isEqualTo(token);
            await().atMost(Duration.ofSeconds(60)).until(() -> received.stream().anyMatch(l -> l.contains("RESUMED")));
            // Whoever identifies now sees the guild as it was changed, not as the world file has it.
            var newcomer = new CopyOnWriteArrayList<String>();
            var other = Thread.ofVirtual().start(() -> watch(second.status().gateway(), newcomer));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> newcomer.stream().anyMatch(l -> l.contains("GUILD_CREATE")));
            publish(
                    second,
                    "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1300000009999999999\",\"guild_id\":\""
                            + Long.toUnsignedString(guild.id()) + "\",\"channel_id\":\""
                            + Long.toUnsignedString(channel.id())
                            + "\",\"author\":{\"id\":\"7\",\"username\":\"x\"},\"content\":\"after the restart\"}}");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> received.stream().anyMatch(l -> l.contains("after the restart")));
            other.interrupt();
            assertThat(newcomer).anyMatch(line -> line.contains("GUILD_CREATE") && line.contains("renamed-channel"));
            assertThat(newcomer).noneMatch(line -> line.contains("\"name\":\"general\""));
        } finally {
            client.interrupt();
        }
        assertThat(received).noneMatch(line -> line.startsWith("WRONG") || line.startsWith("invalid session"));
        assertThat(console).isEmpty();

        var other = Files.writeString(home.resolve("other.json"), "{\"tokens\":{}}");
        var options = SuiteOptions.defaults().keepingState().withPort(0);
        assertThatThrownBy(() -> start(options.withWorld(other)))
                .hasMessageContaining("holds the state of another world than " + other)
                .hasMessageContaining("--fresh");
    }

    private LocalSuite start(int port) throws InterruptedException {
        var suite = start(SuiteOptions.defaults().withPort(port).withSingleJvm().keepingState());
        assertThat(suite.awaitReady(READY_TIMEOUT)).as("%s", console).isTrue();
        return suite;
    }

    private LocalSuite start(SuiteOptions options) {
        return LocalSuite.start(
                options, new SuiteFolder(home), JavaCommand.ofThisProcess(), new Listener(), console::add);
    }

    private static void watch(String gateway, List<String> lines) {
        var token =
                World.read(Optional.empty()).tokens().propertyNames().iterator().next();
        try {
            new GatewayWatcher(URI.create(gateway), token, GUILDS_AND_MESSAGES, 0, lines::add).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void publish(LocalSuite suite, String event) throws IOException {
        var result = new HttpIngressClient(
                        URI.create(suite.status().ingress()), suite.status().ingressToken())
                .publish(List.of(event));
        assertThat(result.accepted()).as("%s", result.rejected()).isEqualTo(1);
    }

    /// The first of a span of ports of which the ones that people use are free.
    private static int freeSpan() throws IOException {
        for (int first = 21_000; first < 30_000; first += 200) {
            try (var gateway = new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress());
                    var kafka = new ServerSocket(first + 10, 1, InetAddress.getLoopbackAddress())) {
                assertThat(gateway.isBound() && kafka.isBound()).isTrue();
                return first;
            } catch (IOException e) {
                // Another process uses it.
            }
        }
        throw new IOException("no free ports");
    }

    private final class Listener implements SuiteListener {
        @Override
        public void onState(ServiceStatus status) {}

        @Override
        public void onEnded(ServiceStatus status, String reason, Duration backoff) {
            console.add(status.id() + " ended: " + reason);
        }
    }
}
