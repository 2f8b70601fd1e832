package dev.guildcast.system.chart;

import static dev.guildcast.system.chart.Chart.good;
import static dev.guildcast.system.chart.Chart.list;
import static dev.guildcast.system.chart.Chart.map;
import static dev.guildcast.system.chart.Chart.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.system.chart.NetworkPolicies.Party;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The arrows of `docs/architecture.md`, and no other.
class NetworkPolicyTest {
    private static final Set<Integer> PORTS = Set.of(8080, 8081, 8090, 9090, 9091);
    private static final Party CLIENT = Party.host("client", "203.0.113.9");
    private static final Party STRANGER = Party.pod("stranger", "other", Map.of("app", "stranger"));
    private static final Party BACKEND = Party.pod("backend", "chat", Map.of("app", "backend"));
    private static final Party PROMETHEUS =
            Party.pod("prometheus", "monitoring", Map.of("app.kubernetes.io/name", "prometheus"));
    private static final Party DNS = Party.pod("dns", "kube-system", Map.of("k8s-app", "kube-dns"));
    private static final Party KAFKA = Party.host("kafka", "10.20.0.1");

    private final String rendered = good().call();
    private final NetworkPolicies policies = new NetworkPolicies(rendered);

    @Test
    void servicesCallEachOtherAsTheArchitectureSaysAndNotOtherwise() {
        assertThat(policies.arrows(PORTS))
                .containsExactlyInAnyOrder(
                        "gateway-service -> session-service:9090",
                        "gateway-service -> voice-signaling-service:9090",
                        "gateway-service -> shard-coordinator:9090",
                        "session-service -> presence-service:9090",
                        "session-service -> shard-coordinator:9090",
                        "fanout-service -> presence-service:9090",
                        "fanout-service -> shard-coordinator:9090",
                        "presence-service -> session-service:9090",
                        "presence-service -> shard-coordinator:9090",
                        "voice-signaling-service -> fanout-service:9090",
                        "voice-signaling-service -> shard-coordinator:9090");
    }

    @Test
    void eachPodIsSelectedInBothDirections() {
        for (var policy : objects(rendered, "NetworkPolicy")) {
            assertThat(map(policy, "spec").get("policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
        }
        for (var service : Chart.SERVICES.values()) {
            for (int port : PORTS) {
                assertThat(policies.permits(policies.service(service), STRANGER, "TCP", port))
                        .as("%s to a stranger at %s", service, port)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Who, and what it reaches.
        "client, gateway-service:8080",
        "stranger, gateway-service:8080",
        "backend, gateway-service:8080 fanout-service:8090 fanout-service:9091",
        "prometheus, gateway-service:8080 gateway-service:8081 session-service:8081 fanout-service:8081"
                + " presence-service:8081 voice-signaling-service:8081 shard-coordinator:8081",
    })
    void outsidersReach(String who, String what) {
        var party = List.of(CLIENT, STRANGER, BACKEND, PROMETHEUS).stream()
                .filter(each -> each.name().equals(who))
                .findFirst()
                .orElseThrow();
        assertThat(reached(policies, party)).containsExactlyInAnyOrder(what.split(" "));
    }

    @Test
    void podsFindNamesAndWhatTheyKeepTheirStateIn() {
        for (var service : Chart.SERVICES.values()) {
            var pod = policies.service(service);
            assertThat(policies.permits(pod, DNS, "UDP", 53)).as(service).isTrue();
            assertThat(policies.permits(pod, DNS, "TCP", 53)).as(service).isTrue();
            assertThat(policies.permits(pod, KAFKA, "TCP", 9092))
                    .as(service)
                    .isEqualTo(!service.equals("gateway-service"));
            assertThat(policies.permits(pod, KAFKA, "TCP", 6379))
                    .as(service)
                    .isEqualTo(Set.of("gateway-service", "presence-service", "voice-signaling-service")
                            .contains(service));
            assertThat(policies.permits(pod, CLIENT, "TCP", 443))
                    .as(service)
                    .isEqualTo(service.equals("gateway-service"));
        }
    }

    @Test
    void portsFollowTheAddresses() {
        var here = new NetworkPolicies(good().set("kafka.bootstrapServers", "[fd00::1]:9093,kafka-1:9094")
                .set("redis.port", 6390)
                .set("tokens.issuer", "http://id.example.org:8180/realms/chat")
                .call());
        var session = here.service("session-service");
        assertThat(here.permits(session, KAFKA, "TCP", 9093)).isTrue();
        assertThat(here.permits(session, KAFKA, "TCP", 9094)).isTrue();
        assertThat(here.permits(session, KAFKA, "TCP", 9092)).isFalse();
        var gateway = here.service("gateway-service");
        assertThat(here.permits(gateway, KAFKA, "TCP", 6390)).isTrue();
        assertThat(here.permits(gateway, CLIENT, "TCP", 8180)).isTrue();
        assertThat(here.permits(gateway, CLIENT, "TCP", 443)).isFalse();
    }

    @Test
    void gatewaysThatVerifyTokensByThemselvesCallNoIdentityProvider() {
        var here = new NetworkPolicies(good().set("tokens.verifier", "jwt-secret")
                .set("tokens.secret", "key")
                .call());
        assertThat(here.permits(here.service("gateway-service"), CLIENT, "TCP", 443))
                .isFalse();
    }

    @Test
    void peersNarrowWhatIsOpenByDefault() {
        var here = new NetworkPolicies(good().set("networkPolicy.clients.from[0].ipBlock.cidr", "198.51.0.0/16")
                .set("networkPolicy.publishers.from", "null")
                .set("networkPolicy.metrics.from", "null")
                .set("networkPolicy.nodes[0]", "192.168.0.0/16")
                .set("networkPolicy.kafka.to[0].ipBlock.cidr", "10.30.0.0/16")
                .call());
        assertThat(reached(here, CLIENT)).isEmpty();
        assertThat(reached(here, BACKEND)).isEmpty();
        assertThat(reached(here, PROMETHEUS)).isEmpty();
        assertThat(reached(here, Party.host("client", "198.51.3.4"))).containsExactly("gateway-service:8080");
        assertThat(reached(here, Party.host("node", "192.168.1.1")))
                .hasSize(6)
                .allMatch(each -> each.endsWith(":8081"));
        assertThat(here.permits(here.service("session-service"), KAFKA, "TCP", 9092))
                .isFalse();
    }

    @Test
    void voiceServersReachSignalingOnceTheyAreNamed() {
        var server = Party.pod("voice", "media", Map.of("app", "voice"));
        assertThat(reached(policies, server)).containsExactly("gateway-service:8080");
        var here = new NetworkPolicies(
                good().set("networkPolicy.voiceServers.from[0].podSelector.matchLabels.app", "voice")
                        .set(
                                "networkPolicy.voiceServers.from[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name",
                                "media")
                        .call());
        assertThat(reached(here, server)).contains("voice-signaling-service:9090");
    }

    @Test
    void policiesCanBeSwitchedOff() {
        assertThat(objects(good().set("networkPolicy.enabled", false).call(), "NetworkPolicy"))
                .isEmpty();
    }

    @Test
    void eachPortOfAPodIsInThePageOnSecurity() throws IOException {
        var documented = new TreeSet<String>();
        for (var line : Files.readAllLines(Path.of("..", "docs", "security.md"))) {
            var cells = line.split("\\|");
            if (cells.length > 3 && cells[2].strip().matches("[0-9]+")) {
                documented.add(cells[1].strip() + ":" + cells[2].strip());
            }
        }
        var open = new TreeSet<String>();
        for (var deployment : objects(rendered, "Deployment")) {
            var container = Chart.container(deployment);
            for (var port : list(container, "ports")) {
                open.add((port.get("containerPort").equals(8081) ? "each" : container.get("name")) + ":"
                        + port.get("containerPort"));
            }
        }
        assertThat(documented).isEqualTo(open);
    }

    private static Set<String> reached(NetworkPolicies policies, Party party) {
        var reached = new TreeSet<String>();
        for (var service : Chart.SERVICES.values()) {
            for (int port : PORTS) {
                if (policies.permits(party, policies.service(service), "TCP", port)) {
                    reached.add(service + ":" + port);
                }
            }
        }
        return reached;
    }
}
