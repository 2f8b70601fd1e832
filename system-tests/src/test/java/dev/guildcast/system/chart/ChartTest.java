package dev.guildcast.system.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

class ChartTest {
    private static final Path CHART = Path.of("..", "helm", "guildcast");
    private static final List<String> SERVICES = List.of(
            "gateway-service",
            "session-service",
            "fanout-service",
            "presence-service",
            "voice-signaling-service",
            "shard-coordinator");

    @Test
    void lintFindsNothing() {
        var result = new Helm(CHART).lint().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void rendersSixWorkloadsThatSurviveADrain() {
        var deployments = objects(validCommand().call(), "Deployment");
        assertThat(deployments.stream().map(each -> text(each, "metadata", "name")))
                .containsExactlyInAnyOrderElementsOf(
                        SERVICES.stream().map("gc-"::concat).toList());
        for (var deployment : deployments) {
            var pod = map(deployment, "spec", "template", "spec");
            var container =
                    ChartTest.<Map<String, Object>>list(pod.get("containers")).getFirst();
            assertThat(text(container, "livenessProbe", "httpGet", "path")).isEqualTo("/actuator/health/liveness");
            assertThat(text(container, "readinessProbe", "httpGet", "path")).isEqualTo("/actuator/health/readiness");
            int preStop = (int) map(container, "lifecycle", "preStop", "sleep").get("seconds");
            assertThat((int) pod.get("terminationGracePeriodSeconds")).isGreaterThan(preStop + 10);
            assertThat(map(container, "resources")).containsKeys("requests", "limits");
            assertThat(map(container, "securityContext")).containsEntry("readOnlyRootFilesystem", true);
        }
    }

    @Test
    void eachNodeIsReachedByItsOwnAddress() {
        var headless = objects(validCommand().call(), "Service").stream()
                .filter(each -> "None".equals(map(each, "spec").get("clusterIP")))
                .map(each -> text(each, "metadata", "name"));
        assertThat(headless)
                .containsExactlyInAnyOrderElementsOf(SERVICES.stream()
                        .filter(each -> !each.equals("gateway-service"))
                        .map(each -> "gc-" + each + "-grpc")
                        .toList());
    }

    @Test
    void setsNoUnknownProperty() throws IOException {
        var known = knownProperties();
        for (var config : objects(validCommand().call(), "ConfigMap")) {
            for (var file : map(config, "data").entrySet()) {
                var names = new ArrayList<String>();
                flatten("", new Yaml().load((String) file.getValue()), names);
                names.removeIf(known::contains);
                // Read as placeholders by all services, so that no class of theirs binds them.
                names.removeIf(each -> each.startsWith("guildcast."));
                assertThat(names).as("unknown properties in %s", file.getKey()).isEmpty();
            }
        }
    }

    @Test
    void keepsSecretsOutOfItsConfigMaps() {
        var rendered = validCommand()
                .set("redis.authSecret", "redis-auth")
                .set("tokens.verifier", "jwt-secret")
                .set("tokens.secret", "token-key")
                .set("ingress.tokensSecret", "publishers")
                .call();
        assertThat(objects(rendered, "ConfigMap").toString()).doesNotContain("redis-auth", "token-key", "publishers");
        assertThat(objects(rendered, "Deployment").toString())
                .contains("secretKeyRef={name=redis-auth, key=password}")
                .contains("secretKeyRef={name=token-key, key=hs256-secret}")
                .contains("secretName=publishers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka.bootstrapServers|''|kafka.bootstrapServers is empty: give your brokers",
                "redis.host|''|redis.host is empty: give your Redis",
                "tokens.issuer|''|tokens.issuer is empty",
                "kafka.bootstrapServers|kafka|/kafka/bootstrapServers",
                "gateway.replicas|0|/gateway/replicas",
                "gateway.publicUrl|wss://a.example/path|/gateway/publicUrl",
                "tokens.verifier|anything|/tokens/verifier",
                "tokens.verifier|jwt-secret|tokens.secret is empty",
                "topology.sessionShards|0|/topology/sessionShards",
                "sesion.replicas|2|sesion",
            })
    void rejectsAnInvalidValueByName(String key, String value, String expected) {
        var command = validCommand().set(key, value.matches("[0-9]+") ? Integer.valueOf(value) : value);
        assertThatThrownBy(command::call).hasMessageContaining(expected);
    }

    private static TemplateCommand validCommand() {
        return new Helm(CHART)
                .template()
                .withName("gc")
                .withNamespace("chat")
                .withKubeVersion("1.31.0")
                .set("kafka.bootstrapServers", "kafka-0.kafka:9092")
                .set("redis.host", "redis")
                .set("tokens.issuer", "https://id.example.org");
    }

    private static List<Map<String, Object>> objects(String rendered, String kind) {
        var found = new ArrayList<Map<String, Object>>();
        for (Object each : new Yaml().loadAll(rendered)) {
            if (each instanceof Map<?, ?> object && kind.equals(object.get("kind"))) {
                found.add(cast(object));
            }
        }
        return found;
    }

    private static Set<String> knownProperties() throws IOException {
        var known = new HashSet<String>();
        var mapper = JsonMapper.builder().build();
        for (URL url : Collections.list(
                ChartTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                mapper.readTree(in.readAllBytes())
                        .path("properties")
                        .forEach(each -> known.add(each.path("name").asString("")));
            }
        }
        return known;
    }

    private static void flatten(String prefix, Object node, List<String> names) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> flatten(prefix.isEmpty() ? key.toString() : prefix + "." + key, value, names));
        } else {
            names.add(prefix);
        }
    }

    private static Map<String, Object> map(Map<String, Object> from, String... path) {
        Map<String, Object> at = from;
        for (var key : path) {
            at = cast(at.get(key));
        }
        return at;
    }

    private static String text(Map<String, Object> from, String... path) {
        Map<String, Object> at = from;
        for (int i = 0; i < path.length - 1; i++) {
            at = cast(at.get(path[i]));
        }
        return String.valueOf(at.get(path[path.length - 1]));
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> list(Object value) {
        return (List<T>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }
}
