package dev.guildcast.system.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One suite loaded with the fixture, and the external actions of the examples.
///
/// - **Owner:** the test's thread.
final class VectorSuite implements AutoCloseable {
    /// The session timeout, short so that examples need not wait for minutes.
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(4);
    private static final Duration GUILDS_TIMEOUT = Duration.ofSeconds(40);
    private static final long FIRST_MESSAGE = 700_000_000_000_000_000L;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> console = new CopyOnWriteArrayList<>();
    private final SuiteFolder folder;
    private final LocalSuite suite;
    private final HttpIngressClient ingress;
    private Set<String> guildsOfA = Set.of(VectorWorld.G1);
    private long messages = FIRST_MESSAGE;

    VectorSuite(Path home) throws IOException, InterruptedException {
        folder = new SuiteFolder(home);
        Path world = Files.writeString(home.resolve("vectors.json"), VectorWorld.file());
        // Timeouts of minutes are shortened to seconds.
        var options = SuiteOptions.defaults()
                .withSingleJvm()
                .withWorld(world)
                .withPort(0)
                .withSetting("session.timeout", SESSION_TIMEOUT.toSeconds() + "s")
                .withSetting("gateway.identify.window", "10ms");
        suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), new Listener(), console::add);
        ingress = new HttpIngressClient(
                URI.create(suite.status().ingress()), suite.status().ingressToken());
        if (!suite.awaitReady(READY_TIMEOUT)) {
            close();
            throw new AssertionError("the suite is not ready: " + console);
        }
        // Progress is all that is said of a world without rejected events.
        if (!console.stream().allMatch(line -> line.startsWith("loaded "))) {
            close();
            throw new AssertionError("events of the world were rejected: " + console);
        }
    }

    /// A connection that has read its HELLO.
    VectorClient open(String name) {
        return new VectorClient(http, suite.status().gateway(), name);
    }

    /// A connection that has read its READY.
    VectorClient open(String name, String token, String identify) {
        var client = open(name);
        client.identify(token, identify);
        client.expect("""
                {"op":0,"s":1,"t":"READY","d":{"session_id":"$str:sid"}}""");
        return client;
    }

    /// `api:` publishes events; returns when they are appended.
    void api(JsonNode... events) {
        try {
            var result = ingress.publish(
                    List.of(events).stream().map(JsonNode::toString).toList());
            assertThat(result.rejected()).isEmpty();
        } catch (IOException e) {
            throw new AssertionError("ingress does not respond", e);
        }
    }

    /// `api:` one event as JSON.
    void api(String event) {
        api(FramePattern.JSON.readTree(event));
    }

    /// `api: H1 sends … in …`
    ///
    /// @return the message's id
    String h1Sends(String guild, String channel, String content) {
        var message = message(channel, content);
        ((ObjectNode) message.path("d")).put("guild_id", guild);
        api(message);
        return message.path("d").path("id").asString("");
    }

    /// `api: H1 sends a DM to bot A`
    void h1SendsDirectMessage(String channel, String content) {
        var message = message(channel, content);
        message.putArray("users").add(VectorWorld.A);
        api(message);
    }

    private ObjectNode message(String channel, String content) {
        var event = FramePattern.JSON.createObjectNode().put("t", "MESSAGE_CREATE");
        var d = event.putObject("d")
                .put("id", Long.toString(messages++))
                .put("channel_id", channel)
                .put("content", content)
                .put("type", 0)
                .put("timestamp", VectorWorld.JOINED_AT);
        d.set("author", VectorWorld.user(VectorWorld.H1));
        for (String list : List.of("embeds", "attachments", "components", "mentions", "mention_roles")) {
            d.putArray(list);
        }
        return event;
    }

    /// Makes bot A a member of exactly these guilds, and returns when a session of it receives them.
    void placeBotAIn(String... guilds) {
        var wanted = new LinkedHashSet<>(List.of(guilds));
        if (wanted.equals(guildsOfA)) {
            return;
        }
        wanted.stream().filter(guild -> !guildsOfA.contains(guild)).forEach(this::addBotA);
        guildsOfA.stream().filter(guild -> !wanted.contains(guild)).forEach(this::kickBotA);
        guildsOfA = wanted;
        await().atMost(GUILDS_TIMEOUT).until(this::guildsShownToA, wanted::equals);
    }

    void addBotA(String guild) {
        var event = FramePattern.JSON.createObjectNode().put("t", "GUILD_MEMBER_ADD");
        event.set("d", VectorWorld.member(VectorWorld.A).put("guild_id", guild));
        api(event);
    }

    void kickBotA(String guild) {
        var event = FramePattern.JSON.createObjectNode().put("t", "GUILD_MEMBER_REMOVE");
        event.putObject("d").put("guild_id", guild).set("user", VectorWorld.user(VectorWorld.A));
        api(event);
    }

    private Set<String> guildsShownToA() {
        try (var client = open("A")) {
            client.identify("tok-a", "\"intents\":0");
            var shown = new LinkedHashSet<String>();
            client.expect("{\"t\":\"READY\"}")
                    .path("d")
                    .path("guilds")
                    .forEach(guild -> shown.add(guild.path("id").asString("")));
            return shown;
        }
    }

    /// The examples' own voice server, registered at voice-signaling.
    VectorVoiceServer voiceServer() {
        var target = suite.status().services().stream()
                .filter(one -> one.name().equals(SuitePlan.VOICE))
                .map(one -> "127.0.0.1:" + one.ports().get("grpc"))
                .findFirst()
                .orElseThrow();
        return new VectorVoiceServer(target, SuiteIdentity.of(folder, PeerRole.VOICE_SERVER));
    }

    @Override
    public void close() {
        suite.close();
        http.shutdownNow();
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
