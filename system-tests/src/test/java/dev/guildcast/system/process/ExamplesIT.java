package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.examples.bot.PingBot;
import dev.guildcast.examples.publisher.PublishMessage;
import dev.guildcast.suite.Suite;
import dev.guildcast.witness.Entry;
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

/// What stands in `examples/` does what its page says, run as the page says, and somebody else in the channel sees it.
@ExtendWith(SharedSuite.class)
@TestInstance(Lifecycle.PER_CLASS)
class ExamplesIT {
    private static final Duration WITHIN = Duration.ofMillis(Clients.WITHIN_MILLIS);
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final int HARBOUR = 1;

    private ProcessSuite suite;
    private Clients clients;
    private RecordingClient ben;

    @BeforeAll
    void benIsIn(ProcessSuite running) throws InterruptedException {
        suite = running;
        clients = new Clients(suite);
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
        try (var bot = Program.start(folder, environment("pingbot"), List.of("node", "bot.mjs"))) {
            answersAPing(bot, "pingbot");
            bot.terminate();
            assertThat(bot.awaitExit(WITHIN)).as("%s", bot.lines()).isZero();
        }
    }

    @Test
    void theJdaBotAnswersAPing() throws InterruptedException {
        try (var bot = Program.java(environment("logbot"), List.of(), PingBot.class)) {
            answersAPing(bot, "logbot");
        }
    }

    private void answersAPing(Program bot, String name) throws InterruptedException {
        assertThat(bot.awaitLine(line -> line.contains("logged in as " + name), WITHIN))
                .as("%s", bot.lines())
                .isTrue();
        var ping = suite.say(suite.worlds().login("ben"), suite.worlds().channel("general"), "!ping");
        assertThat(ben.recording()
                        .await(1, entry -> isReply(entry, ping.path("id").asString(), name), WITHIN.toMillis()))
                .as("%s answers ben; it says %s", name, bot.lines())
                .isTrue();
    }

    private static boolean isReply(Entry entry, String to, String author) {
        return Clients.message("Pong!").test(entry)
                && entry instanceof Entry.Dispatch dispatch
                && dispatch.body().path("author").path("username").asString("").equals(author)
                && dispatch.body()
                        .path("message_reference")
                        .path("message_id")
                        .asString("")
                        .equals(to);
    }

    @Test
    void theJavaPublisherPublishesAMessage() throws InterruptedException {
        publishes(
                "from Java",
                Program.java(
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
        publishes("from Python", script("python3", "publish.py", "from Python"));
    }

    @Test
    void theNodePublisherPublishesAMessage() throws InterruptedException {
        if (!NodeFolder.onPath("node")) {
            throw NodeFolder.skipped("node is not on the PATH");
        }
        publishes("from Node", script("node", "publish.mjs", "from Node"));
    }

    @Test
    void theLauncherPublishesAFileOfLines() throws InterruptedException {
        publishes(
                "Hello, harbour!",
                Program.java(
                        Map.of(),
                        List.of("-Dguildcast.home=" + suite.home()),
                        Suite.class,
                        "publish",
                        EXAMPLES.resolve("hello.jsonl").toString()));
    }

    private void publishes(String content, Program publisher) throws InterruptedException {
        try (publisher) {
            assertThat(publisher.awaitExit(WITHIN)).as("%s", publisher.lines()).isZero();
            Clients.awaitMessage(ben, content);
        }
    }

    private Program script(String interpreter, String name, String content) {
        var arguments = arguments(content);
        return Program.start(
                EXAMPLES, environment("ben"), List.of(interpreter, name, arguments[0], arguments[1], arguments[2]));
    }

    private String[] arguments(String content) {
        var worlds = suite.worlds();
        return new String[] {worlds.harbourId(), worlds.channel("general"), content};
    }

    /// What `examples/README.md` says each of them takes.
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
