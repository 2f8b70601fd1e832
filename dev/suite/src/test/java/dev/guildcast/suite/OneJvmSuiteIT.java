package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.watch.GatewayWatcher;
import dev.guildcast.suite.world.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneJvmSuiteIT {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(4);
    private static final long ALL_INTENTS = 53_608_447;

    private final World world = World.read(Optional.empty());
    private final List<String> console = new CopyOnWriteArrayList<>();
    private SuiteFolder folder = new SuiteFolder(Path.of("unused"));
    private LocalSuite suite;

    @BeforeAll
    void start(@TempDir Path home) throws InterruptedException {
        folder = new SuiteFolder(home);
        var options = SuiteOptions.defaults().withPort(0).withSingleJvm();
        suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), new Listener(), console::add);
        assertThat(suite.awaitReady(READY_TIMEOUT)).as("%s", console).isTrue();
    }

    @AfterAll
    void stop() {
        suite.close();
        assertThat(new StatusFile(folder).read()).isEmpty();
    }

    @Test
    void loadsItsWorldWithoutARejection() {
        // Progress is all that is said of a world without rejected events.
        assertThat(console).allMatch(line -> line.startsWith("loaded "));
        assertThat(new StatusFile(folder).read())
                .hasValueSatisfying(status -> assertThat(status.ready()).isTrue());
    }

    @Test
    void aMessageReachesWhoMaySeeItsChannelAndNobodyElse() throws Exception {
        var ada = new WatchingClient("ada");
        var eve = new WatchingClient("eve");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ada.received("GUILD_CREATE") && eve.received("GUILD_CREATE"));
        var harbour = world.document(world.guilds().getFirst());
        post("ada", channel(harbour, "moderators"), "for moderators only");
        post("ada", channel(harbour, "general"), "for everyone");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ada.received("for everyone") && eve.received("for everyone"));
        assertThat(ada.received("for moderators only")).isTrue();
        assertThat(eve.received("for moderators only")).isFalse();
        assertThat(eve.received(channel(harbour, "moderators")))
                .as("the hidden channel itself")
                .isFalse();
        ada.end();
        eve.end();
        assertThat(ada.lines).noneMatch(line -> line.startsWith("WRONG"));
        assertThat(eve.lines).noneMatch(line -> line.startsWith("WRONG"));
    }

    @Test
    void watchingWithARejectedTokenEnds() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var gateway = URI.create(suite.status().gateway());
        assertThat(new GatewayWatcher(gateway, "no.such.token", ALL_INTENTS, 0, lines::add).run())
                .isEqualTo(GatewayWatcher.Outcome.REJECTED);
        assertThat(lines).singleElement().asString().startsWith("closed: 4004");
    }

    @Test
    void itsRestBaseProxiesTheGatewaysOwnRoutes() throws Exception {
        var response = call(HttpRequest.newBuilder(URI.create(suite.status().api() + "/v10/gateway/bot")), "pingbot");
        assertThat(response).contains(suite.status().gateway());
    }

    private void post(String name, String channel, String content) throws Exception {
        var url = URI.create(suite.status().api() + "/v10/channels/" + channel + "/messages");
        call(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"content\":\"" + content + "\"}")),
                name);
    }

    private String call(HttpRequest.Builder request, String name) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(
                    request.header("Authorization", "Bot " + token(name)).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }

    private String token(String name) {
        return world.tokens().properties().stream()
                .filter(entry -> entry.getValue()
                        .path("user")
                        .path("username")
                        .asString("")
                        .equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static String channel(JsonNode guild, String name) {
        return guild.path("channels").values().stream()
                .filter(channel -> channel.path("name").asString("").equals(name))
                .map(channel -> channel.path("id").asString(""))
                .findFirst()
                .orElseThrow();
    }

    private final class WatchingClient {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread thread;

        WatchingClient(String name) {
            var gateway = URI.create(suite.status().gateway());
            var watcher = new GatewayWatcher(gateway, token(name), ALL_INTENTS, 0, lines::add);
            thread = Thread.ofVirtual().start(() -> {
                try {
                    watcher.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        boolean received(String text) {
            return lines.stream().anyMatch(line -> line.contains(text));
        }

        void end() throws InterruptedException {
            // A graceful close would wait for the gateway; nothing here depends on it.
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
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
