package dev.guildcast.system.chart;

import static dev.guildcast.system.chart.Chart.good;
import static dev.guildcast.system.chart.Chart.list;
import static dev.guildcast.system.chart.Chart.map;
import static dev.guildcast.system.chart.Chart.object;
import static dev.guildcast.system.chart.Chart.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of how clients reach the gateways fit what the chart renders.
class ExamplesTest {
    private static final Path EXAMPLES = Chart.FOLDER.resolve("examples");
    /// A client is silent for one and a half heartbeat intervals at most.
    private static final double SILENCE_SECONDS = 41.25 * 1.5;

    @TempDir
    Path folder;

    @Test
    void theIngressOutlastsASilentClient() throws IOException {
        var ingress = object(Files.readString(EXAMPLES.resolve("ingress-nginx.yaml")), "Ingress", "gateway");
        var annotations = map(ingress, "metadata", "annotations");
        for (var direction : new String[] {"read", "send"}) {
            var seconds = annotations.get("nginx.ingress.kubernetes.io/proxy-" + direction + "-timeout");
            assertThat(Double.parseDouble((String) seconds)).isGreaterThan(SILENCE_SECONDS);
        }
        var rule = list(map(ingress, "spec"), "rules").getFirst();
        var path = list(map(rule, "http"), "paths").getFirst();
        var port = clientsPort(text(path, "backend", "service", "name"));
        assertThat(text(path, "backend", "service", "port", "name")).isEqualTo(port.get("name"));
    }

    @Test
    void theRouteOfTheGatewayApiHasNoTimeout() throws IOException {
        var example = Files.readString(EXAMPLES.resolve("gateway-api.yaml"));
        var rule = list(map(object(example, "HTTPRoute", "clients"), "spec"), "rules")
                .getFirst();
        assertThat(map(rule, "timeouts")).containsEntry("request", "0s").containsEntry("backendRequest", "0s");
        var backend = list(rule, "backendRefs").getFirst();
        assertThat(backend.get("port"))
                .isEqualTo(clientsPort(backend.get("name").toString()).get("port"));
        var parent = list(map(object(example, "HTTPRoute", "clients"), "spec"), "parentRefs")
                .getFirst();
        var listeners = list(map(object(example, "Gateway", parent.get("name").toString()), "spec"), "listeners");
        assertThat(listeners.getFirst().get("name")).isEqualTo(parent.get("sectionName"));
    }

    @Test
    void theLoadBalancerKeepsClientAddressesAndTheGatewayEndsTls() {
        var rendered =
                good().withValuesFile(EXAMPLES.resolve("load-balancer.yaml")).call();
        assertThat(map(object(rendered, "Service", "gc-gateway-service"), "spec"))
                .containsEntry("type", "LoadBalancer")
                .containsEntry("externalTrafficPolicy", "Local");
        assertThat(map(object(rendered, "Certificate", "gc-gateway-service"), "spec"))
                .containsEntry("dnsNames", List.of("gateway.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-nginx.yaml", "gateway-api.yaml"})
    void theValuesInTheCommentsAreValid(String example) throws IOException {
        var values = Files.readAllLines(EXAMPLES.resolve(example)).stream()
                .filter(each -> each.startsWith("#   "))
                .map(each -> each.substring(4))
                .collect(Collectors.joining("\n"));
        var file = Files.writeString(folder.resolve("values.yaml"), values);
        var rendered = good().withValuesFile(file).call();
        assertThat(map(Chart.config(rendered, "gateway-service"), "gateway", "proxies"))
                .containsEntry("trusted", List.of("10.0.0.0/8"));
        var policies = new NetworkPolicies(rendered);
        var stranger = NetworkPolicies.Party.pod("stranger", "other", Map.of());
        assertThat(policies.permits(stranger, policies.service("gateway-service"), "TCP", 8080))
                .isFalse();
    }

    private static Map<String, Object> clientsPort(String service) {
        var rendered = good().withName("guildcast").call();
        return list(map(object(rendered, "Service", service), "spec"), "ports").getFirst();
    }
}
