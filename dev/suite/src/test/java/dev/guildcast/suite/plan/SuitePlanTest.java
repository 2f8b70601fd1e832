package dev.guildcast.suite.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.plan.SuitePlan.IngressTokens;
import dev.guildcast.suite.process.ServiceSpec;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuitePlanTest {
    private static final IngressTokens TOKENS = new IngressTokens("w", "l", "b");

    @Test
    void allocatesPortsFromTheFirst() {
        var plan = plan(SuiteOptions.defaults());
        assertThat(plan.api()).isEqualTo("http://127.0.0.1:8080/api");
        assertThat(plan.gatewayUrl()).isEqualTo("ws://127.0.0.1:8081");
        assertThat(plan.ingressUrl()).hasToString("http://127.0.0.1:8082/ingress/v1/events");
        assertThat(plan.ingressGrpcTarget()).isEqualTo("127.0.0.1:8083");
        assertThat(spec(plan, "kafka-1").ports()).containsEntry("kafka", 8090);
        assertThat(spec(plan, "redis-1").ports()).containsEntry("redis", 8091);
        assertThat(plan(SuiteOptions.defaults().withPort(9000)).api()).isEqualTo("http://127.0.0.1:9000/api");
    }

    @Test
    void allocatesNoPortTwice() {
        for (int first : new int[] {8080, 0}) {
            var plan = plan(SuiteOptions.defaults()
                    .withInstances(new Instances(8, 8, 8, 8, 8))
                    .withPort(first));
            var ports = new HashSet<Integer>();
            for (var spec : plan.services()) {
                spec.ports()
                        .values()
                        .forEach(port ->
                                assertThat(ports.add(port)).as(spec.id()).isTrue());
            }
            assertThat(ports)
                    .doesNotContain(
                            plan.gatewayPort(), plan.ingressPort(), plan.ingressGrpcPort(), plan.voiceGatewayPort());
        }
    }

    @Test
    void aSettingOverridesThePlansOwn() {
        var plan = plan(SuiteOptions.defaults()
                .withSetting("gateway.heartbeat.interval", "4s")
                .withSetting("gateway.public.url", "ws://chat.example"));
        assertThat(spec(plan, "gateway-service-1").args())
                .contains("--gateway.heartbeat.interval=4s", "--gateway.public.url=ws://chat.example")
                .doesNotContain("--gateway.public.url=" + plan.gatewayUrl());
    }

    @Test
    void configuresInstancesWithEachOthersAddresses() {
        var plan = plan(SuiteOptions.defaults().withInstances(new Instances(2, 1, 2, 2, 2)));
        assertThat(plan.services())
                .map(ServiceSpec::id)
                .contains("gateway-service-1", "gateway-service-2", "fanout-service-2");
        assertThat(plan.gatewayUrls()).hasSize(2);
        var coordinators = List.of(spec(plan, "shard-coordinator-1"), spec(plan, "shard-coordinator-2"));
        var target = "--guildcast.coordinator.target=127.0.0.1:"
                + coordinators.getFirst().port("grpc") + ",127.0.0.1:"
                + coordinators.getLast().port("grpc");
        assertThat(spec(plan, "gateway-service-2").args())
                .contains(target, "--gateway.public.url=ws://127.0.0.1:8081")
                .contains("--server.port=" + spec(plan, "gateway-service-2").port("http"));
        assertThat(spec(plan, "voice-server-2").args())
                .contains(
                        "--voice-server.link.target=127.0.0.1:"
                                + spec(plan, "voice-signaling-service-1").port("grpc"),
                        "--voice-server.socket.port="
                                + spec(plan, "voice-server-2").port("media"));
        assertThat(spec(plan, "voice-signaling-service-1").args()).contains("--voice.gateway.port=8084");
        assertThat(spec(plan, "session-service-1").dependencies()).contains("kafka", "redis", "shard-coordinator");
        assertThat(spec(plan, "kafka-1").dependencies()).isEmpty();
    }

    @Test
    void reportsWhichPortIsTaken() throws IOException {
        var plan = plan(SuiteOptions.defaults().withPort(0));
        assertThat(plan.ports().taken()).isEmpty();
        try (var stranger = new ServerSocket(plan.gatewayPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(plan.ports().taken()).containsExactly("port " + stranger.getLocalPort() + " (gateway) is taken");
        }
    }

    @Test
    void rejectsInvalidOptions() {
        assertThatThrownBy(() -> new Instances(0, 1, 1, 1)).hasMessage("--gateways 0 (expected: 1..8)");
        assertThatThrownBy(() -> SuiteOptions.defaults().withPort(80)).hasMessageStartingWith("--port 80 (expected: ");
        assertThatThrownBy(
                        () -> new SuiteOptions(true, new Instances(2, 1, 1, 1), Optional.empty(), 8080, true, Map.of()))
                .hasMessageContaining("--single");
    }

    private static SuitePlan plan(SuiteOptions options) {
        return new SuitePlan(options, new SuiteFolder(Path.of("/home/of/suite")), TOKENS);
    }

    private static ServiceSpec spec(SuitePlan plan, String id) {
        return plan.services().stream()
                .filter(spec -> spec.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
