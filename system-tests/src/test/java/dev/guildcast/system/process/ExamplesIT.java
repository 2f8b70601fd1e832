package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.examples.bot.PingBot;
import dev.guildcast.examples.publisher.PublishMessage;
import dev.guildcast.suite.Suite;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.client.RecordingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/// The programs in `examples/`, run as their page describes, do what it says, and other users receive the result.
@ExtendWith(SharedSuiteExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class ExamplesIT {
    private static final Duration WITHIN = Duration.ofMillis(TestClients.TIMEOUT_MILLIS);
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final int HARBOUR = 1;

    private ProcessSuite suite;
    private TestClients clients;
    private RecordingClient ben;

    @BeforeAll
    void logIn(ProcessSuite running) throws InterruptedException {
        suite = running;
        clients = new TestClients(suite);
        ben = clients.raw(suite.worlds().login("ben"), false);
        clients.logIn(HARBOUR);
    }

    @AfterAll
    void end() {
        if (clients != null) {
            clients.close();
        }
    }

    @Test
    void theDiscordJsBotAnswersAPing() throws InterruptedException {
        var folder = NodeFolder.require();
        try (var bot = TestProcess.start(folder, environment("pingbot"), List.of("node", "bot.mjs"))) {
            assertAnswersAPing(bot, "pingbot");
            bot.terminate();
            assertThat(bot.awaitExit(WITHIN)).as("%s", bot.lines()).isZero();
        }
    }

    @Test
    void theJdaBotAnswersAPing() throws InterruptedException {
        try (var bot = TestProcess.java(environment("logbot"), List.of(), PingBot.class)) {
            assertAnswersAPing(bot, "logbot");
        }
    }

    private void assertAnswersAPing(TestProcess bot, String name) throws InterruptedException {
        assertThat(bot.awaitLine(line -> line.contains("logged in as " + name), WITHIN))
                .as("%s", bot.lines())
                .isTrue();
        var ping = suite.postMessage(suite.worlds().login("ben"), suite.worlds().channel("general"), "!ping");
        assertThat(ben.recording()
                        .await(1, entry -> isReply(entry, ping.path("id").asString(), name), WITHIN.toMillis()))
                .as("%s replies to ben; its output: %s", name, bot.lines())
                .isTrue();
    }

    private static boolean isReply(Observation entry, String to, String author) {
        return TestClients.message("Pong!").test(entry)
                && entry instanceof Observation.ReceivedDispatch dispatch
                && dispatch.body().path("author").path("username").asString("").equals(author)
                && dispatch.body()
                        .path("message_reference")
                        .path("message_id")
                        .asString("")
                        .equals(to);
    }

    @Test
    void theJavaPublisherPublishesAMessage() throws InterruptedException {
        assertPublishes(
                "from Java",
                TestProcess.java(
                        environment("ben"),
                        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                        PublishMessage.class,
                        arguments("from Java")));
    }

    @Test
    void thePythonPublisherPublishesAMessage() throws InterruptedException {
        if (!NodeFolder.onPath("python3")) {
            throw NodeFolder.skipped("python3 is not on the PATH");
        }
        assertPublishes("from Python", script("python3", "publish.py", "from Python"));
    }

    @Test
    void theNodePublisherPublishesAMessage() throws InterruptedException {
        if (!NodeFolder.onPath("node")) {
            throw NodeFolder.skipped("node is not on the PATH");
        }
        assertPublishes("from Node", script("node", "publish.mjs", "from Node"));
    }

    @Test
    void theLauncherPublishesAFileOfLines() throws InterruptedException {
        assertPublishes(
                "Hello, harbour!",
                TestProcess.java(
                        Map.of(),
                        List.of("-Dguildcast.home=" + suite.home()),
                        Suite.class,
                        "publish",
                        EXAMPLES.resolve("hello.jsonl").toString()));
    }

    private void assertPublishes(String content, TestProcess publisher) throws InterruptedException {
        try (publisher) {
            assertThat(publisher.awaitExit(WITHIN)).as("%s", publisher.lines()).isZero();
            TestClients.awaitMessage(ben, content);
        }
    }

    private TestProcess script(String interpreter, String name, String content) {
        var arguments = arguments(content);
        return TestProcess.start(
                EXAMPLES, environment("ben"), List.of(interpreter, name, arguments[0], arguments[1], arguments[2]));
    }

    private String[] arguments(String content) {
        var worlds = suite.worlds();
        return new String[] {worlds.harbourId(), worlds.channel("general"), content};
    }

    /// The environment variables that `examples/README.md` describes.
    private Map<String, String> environment(String login) {
        var status = suite.status();
        var all = new HashMap<String, String>();
        all.put("GUILDCAST_API", status.api());
        all.put("GUILDCAST_GATEWAY", status.gateway());
        all.put("GUILDCAST_TOKEN", suite.worlds().login(login).token());
        all.put("GUILDCAST_INGRESS", status.ingress());
        all.put("GUILDCAST_INGRESS_GRPC", status.ingressGrpc());
        all.put("GUILDCAST_INGRESS_TOKEN", status.ingressToken());
        return all;
    }
}
