package dev.guildcast.witness.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.ScenarioBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class JdaClientTest {
    private static final String USER =
            "{'id':'1','username':'one','discriminator':'0','global_name':null,'avatar':null,'bot':true,'flags':0,"
                    + "'verified':true,'mfa_enabled':false,'email':null}";
    private static final String READY = "{'v':10,'user':" + USER + ",'guilds':[],'session_id':'abc',"
            + "'resume_gateway_url':'%s','application':{'id':'1','flags':0},'private_channels':[]}";

    private FakeGateway main;
    private FakeGateway other;
    private HttpServer rest;
    private JdaClient client;

    @BeforeEach
    void open() throws Exception {
        main = new FakeGateway();
        other = new FakeGateway();
        rest = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        rest.createContext("/api/v10/users/@me", exchange -> {
            byte[] body = USER.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        rest.start();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        main.close();
        other.close();
        rest.stop(0);
    }

    private FakeGateway.Peer login(boolean zlib) throws Exception {
        URI api = URI.create("http://127.0.0.1:" + rest.getAddress().getPort() + "/api");
        client = new JdaClient(ScenarioBuilder.bot(1, Intent.GUILDS, Intent.GUILD_MESSAGES), api, main.url(), zlib);
        client.start();
        FakeGateway.Peer peer = main.next();
        JsonNode identify = peer.await(2).path("d");
        assertThat(identify.path("token").asString()).isEqualTo("t1");
        assertThat(identify.path("intents").asLong()).isEqualTo(client.account().intents());
        peer.dispatch("READY", 1, READY.formatted(other.url()));
        peer.dispatch("SOMETHING_NEW", 2, "{'witness':'p#1','number':5,'list':[1.5,null,true]}");
        assertThat(client.recording().await(2, Observation.ReceivedDispatch.class::isInstance, 20_000))
                .isTrue();
        return peer;
    }

    @Test
    void recordsEveryDispatchAsItWasSent() throws Exception {
        login(false);
        Observation.ReceivedDispatch dispatch = client.recording().dispatches().get(1);
        assertThat(dispatch.type()).isEqualTo("SOMETHING_NEW");
        assertThat(dispatch.sequence()).isEqualTo(2);
        assertThat(dispatch.body())
                .isEqualTo(ScenarioBuilder.json("{'witness':'p#1','number':5,'list':[1.5,null,true]}"));
    }

    @Test
    void recordsTheCutAndTheResume() throws Exception {
        login(true).drop();
        FakeGateway.Peer next = other.next();
        assertThat(next.await(6).path("d").path("seq").asInt()).isEqualTo(2);
        next.dispatch("SOMETHING_NEW", 3, "{}");
        next.dispatch("RESUMED", 3, "{'_trace':[]}");
        assertThat(client.recording().await(4, Observation.ReceivedDispatch.class::isInstance, 20_000))
                .isTrue();
        assertThat(client.recording().dispatches())
                .extracting(Observation.ReceivedDispatch::connection)
                .containsExactly(1, 1, 2, 2);
        assertThat(client.recording().observations())
                .filteredOn(Observation.Closed.class::isInstance)
                .singleElement()
                .matches(closed -> !((Observation.Closed) closed).endsSession());
    }

    @Test
    void recordsAnInvalidSessionOnce() throws Exception {
        FakeGateway.Peer peer = login(false);
        peer.send("{\"op\":9,\"d\":false}");
        assertThat(main.next().await(2)).isNotNull();
        assertThat(client.recording().count(Observation.InvalidSession.class::isInstance))
                .isEqualTo(1);
    }
}
