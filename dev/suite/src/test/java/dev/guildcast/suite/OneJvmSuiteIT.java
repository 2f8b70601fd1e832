package dev.guildcast.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.watch.GatewayWatch;
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
    private static final Duration READY_MAX = Duration.ofMinutes(4);
    private static final long ALL_INTENTS = 53_608_447;

    private final World world = World.read(Optional.empty());
    private final List<String> said = new CopyOnWriteArrayList<>();
    private SuiteFolder folder = new SuiteFolder(Path.of("unused"));
    private LocalSuite suite;

    @BeforeAll
    void starts(@TempDir Path home) throws InterruptedException {
        folder = new SuiteFolder(home);
        var options = SuiteOptions.usual().withPort(0).inOneJvm();
        suite = LocalSuite.start(options, folder, Image.ofThisProcess(), new Listener(), said::add);
        assertThat(suite.awaitReady(READY_MAX)).as("%s", said).isTrue();
    }

    @AfterAll
    void stops() {
        suite.close();
        assertThat(new StatusFile(folder).read()).isEmpty();
    }

    @Test
    void loadsItsWorldWithoutARefusal() {
        assertThat(said).isEmpty();
        assertThat(new StatusFile(folder).read())
                .hasValueSatisfying(status -> assertThat(status.ready()).isTrue());
    }

    @Test
    void aMessageReachesWhoMaySeeItsChannelAndNobodyElse() throws Exception {
        var ada = new Client("ada");
        var eve = new Client("eve");
        await().atMost(Duration.ofSeconds(30)).until(() -> ada.saw("GUILD_CREATE") && eve.saw("GUILD_CREATE"));
        var harbour = world.guilds().getFirst();
        post("ada", channel(harbour, "moderators"), "for moderators only");
        post("ada", channel(harbour, "general"), "for everyone");
        await().atMost(Duration.ofSeconds(30)).until(() -> ada.saw("for everyone") && eve.saw("for everyone"));
        assertThat(ada.saw("for moderators only")).isTrue();
        assertThat(eve.saw("for moderators only")).isFalse();
        assertThat(eve.saw(channel(harbour, "moderators")))
                .as("the hidden channel itself")
                .isFalse();
        ada.end();
        eve.end();
        assertThat(ada.lines).noneMatch(line -> line.startsWith("WRONG"));
        assertThat(eve.lines).noneMatch(line -> line.startsWith("WRONG"));
    }

    @Test
    void itsRestBasePassesTheGatewaysOwnRoutesOn() throws Exception {
        var answer = call(HttpRequest.newBuilder(URI.create(suite.status().api() + "/v10/gateway/bot")), "pingbot");
        assertThat(answer).contains(suite.status().gateway());
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
            var answer = http.send(
                    request.header("Authorization", "Bot " + token(name)).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
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

    private final class Client {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread thread;

        Client(String name) {
            var gateway = URI.create(suite.status().gateway());
            var watch = new GatewayWatch(gateway, token(name), ALL_INTENTS, 0, lines::add);
            thread = Thread.ofVirtual().start(() -> {
                try {
                    watch.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        boolean saw(String text) {
            return lines.stream().anyMatch(line -> line.contains(text));
        }

        void end() throws InterruptedException {
            // The client's own close waits for the other side; nothing here depends on it.
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
    }

    private final class Listener implements SuiteListener {
        @Override
        public void onState(ServiceStatus status) {}

        @Override
        public void onEnded(ServiceStatus status, String why, Duration pause) {
            said.add(status.id() + " ended: " + why);
        }
    }
}
