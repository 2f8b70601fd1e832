package dev.guildcast.gateway;

import dev.guildcast.shard.testing.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/// A complete gateway in front of a session host that the test controls.
final class GatewayFixture implements AutoCloseable {
    static final String BOT_A = "100000000000000001";
    static final String IDENT =
            "{\"op\":2,\"d\":{\"token\":\"tok-a\",\"properties\":{\"os\":\"linux\",\"browser\":\"x\","
                    + "\"device\":\"x\"},\"intents\":513}}";
    static final String JSON = "/?v=10&encoding=json";
    static final String TOKENS = """
            {"tokens":{
              "tok-a":{"user":{"id":"100000000000000001","username":"a"},"bot":true,
                       "application":{"id":"100000000000000001","flags":0}},
              "tok-b":{"user":{"id":"100000000000000002","username":"b"},"bot":true,
                       "application":{"id":"100000000000000002","flags":0},
                       "privileged_intents":["GUILD_MEMBERS","GUILD_PRESENCES","MESSAGE_CONTENT"]},
              "usr-1":{"user":{"id":"200000000000000001","username":"h1"},"bot":false}}}
            """;

    final FakeSessions sessions = new FakeSessions();
    final FakeSessionHost host = new FakeSessionHost(sessions);
    final ConfigurableApplicationContext context;
    final int port;
    final Path tokens;

    GatewayFixture(String... properties) {
        try {
            tokens = Files.createTempFile("tokens", ".json");
            Files.writeString(tokens, TOKENS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        var settings = new LinkedHashMap<String, String>();
        var defaults = List.of(
                "--server.port=0",
                "--management.server.port=0",
                TestIdentity.ARGUMENT,
                "--gateway.token.file=" + tokens,
                "--gateway.link.hosts=" + host.address(),
                "--gateway.identify.window=1ms",
                "--gateway.drain.window=0s",
                // Nothing listens on this port, so the local limiters are used.
                "--spring.data.redis.port=1");
        Stream.concat(defaults.stream(), Stream.of(properties))
                .forEach(it -> settings.put(it.substring(0, it.indexOf('=')), it));
        context = GatewayApplication.start(settings.values().toArray(String[]::new));
        port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    /// The port that serves a path: the actuator has its own.
    int portOf(String path) {
        return path.startsWith("/actuator")
                ? Integer.parseInt(context.getEnvironment().getRequiredProperty("local.management.port"))
                : port;
    }

    TestClient open() {
        return TestClient.open(port, JSON);
    }

    /// A connection that has received its Hello.
    TestClient openAfterHello() {
        var client = open();
        client.op(10);
        return client;
    }

    /// A connection that has received READY and GUILD_CREATE.
    LiveClient live() {
        return live(IDENT);
    }

    LiveClient live(String identify) {
        var client = openAfterHello();
        client.send(identify);
        var ready = client.dispatch("READY");
        client.dispatch("GUILD_CREATE");
        return new LiveClient(client, ready.path("d").path("session_id").asString());
    }

    record LiveClient(TestClient client, String sessionId) {}

    /// Resumes and returns the replayed dispatches; the last is RESUMED.
    List<JsonNode> resume(TestClient client, String sessionId, int sequence) {
        client.send(resumeFrame("tok-a", sessionId, sequence));
        var missed = new ArrayList<JsonNode>();
        JsonNode next;
        do {
            next = client.op(0);
            missed.add(next);
        } while (!next.path("t").asString().equals("RESUMED"));
        return missed;
    }

    static String resumeFrame(String token, String sessionId, int sequence) {
        return "{\"op\":6,\"d\":{\"token\":\"" + token + "\",\"session_id\":\"" + sessionId + "\",\"seq\":" + sequence
                + "}}";
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    double counter(String name, String... tags) {
        var counter = bean(io.micrometer.core.instrument.MeterRegistry.class)
                .find(name)
                .tags(tags)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Override
    public void close() {
        context.close();
        host.close();
        try {
            Files.deleteIfExists(tokens);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
