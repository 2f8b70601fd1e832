package dev.guildcast.system.chart;

import static dev.guildcast.system.chart.Chart.container;
import static dev.guildcast.system.chart.Chart.list;
import static dev.guildcast.system.chart.Chart.map;
import static dev.guildcast.system.chart.Chart.objects;
import static dev.guildcast.system.chart.Chart.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/// Whatever valid values are given, what is rendered holds together.
class RandomValuesTest {
    private static final int RENDERINGS = Integer.getInteger("guildcast.chart.renderings", 60);
    private static final Pattern QUANTITY = Pattern.compile("[0-9]+(\\.[0-9]+)?(m|Ki|Mi|Gi)?");

    @TempDir
    Path folder;

    @Test
    void whateverIsGivenHoldsTogether() throws IOException {
        long seed = Long.getLong("guildcast.chart.seed", System.nanoTime());
        for (long each = seed; each < seed + RENDERINGS; each++) {
            var values = RandomValues.from(each);
            var file = Files.writeString(folder.resolve("values.yaml"), new Yaml().dump(values));
            try {
                check(Chart.bare()
                        .withName(RandomValues.release(each))
                        .withValuesFile(file)
                        .call());
            } catch (RuntimeException | AssertionError e) {
                fail(
                        "-Dguildcast.chart.seed=" + each + " -Dguildcast.chart.renderings=1 with the values\n"
                                + Files.readString(file),
                        e);
            }
        }
    }

    private static void check(String rendered) {
        // A key that stands twice would overwrite the first silently.
        var strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        new Yaml(strict).loadAll(rendered).forEach(each -> {});
        var objects = objects(rendered);
        assertThat(objects.stream().map(each -> each.get("kind") + " " + text(each, "metadata", "name")))
                .doesNotHaveDuplicates();
        assertThat(objects).allSatisfy(each -> {
            assertThat(text(each, "metadata", "name")).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
            map(each, "metadata", "labels")
                    .values()
                    .forEach(label ->
                            assertThat(label.toString()).matches("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?"));
        });
        assertThat(objects(rendered, "ConfigMap").toString()).doesNotContainPattern("(?i)(password|secret|tokens=)");
        assertThat(objects(rendered, "Secret")).isEmpty();
        objects(rendered, "Deployment").forEach(each -> checkDeployment(rendered, each));
        checkSelectors(rendered);
        checkBudgets(rendered);
        checkServicePorts(rendered);
        if (!objects(rendered, "NetworkPolicy").isEmpty()) {
            assertThat(new NetworkPolicies(rendered).arrows(Set.of(9090))).hasSize(11);
        }
    }

    private static void checkDeployment(String rendered, Map<String, Object> deployment) {
        var pod = map(deployment, "spec", "template", "spec");
        var container = container(deployment);
        var service = text(container, "name");
        assertThat((int) map(deployment, "spec").get("replicas")).isPositive();

        var ports = list(container, "ports");
        assertThat(ports.stream().map(each -> each.get("containerPort"))).doesNotHaveDuplicates();
        var names = ports.stream().map(each -> each.get("name")).toList();
        assertThat(names).doesNotHaveDuplicates();
        for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(names).contains(text(container, probe, "httpGet", "port"));
        }

        // The restricted profile of the pod security standards.
        var security = map(pod, "securityContext");
        assertThat(security).containsEntry("runAsNonRoot", true);
        assertThat((int) security.get("runAsUser")).isPositive();
        assertThat(text(security, "seccompProfile", "type")).isEqualTo("RuntimeDefault");
        assertThat(map(container, "securityContext"))
                .containsEntry("allowPrivilegeEscalation", false)
                .containsEntry("readOnlyRootFilesystem", true)
                .doesNotContainKey("privileged");
        assertThat(text(container, "securityContext", "capabilities", "drop")).isEqualTo("[ALL]");
        assertThat(map(container, "securityContext", "capabilities")).doesNotContainKey("add");
        assertThat(pod).doesNotContainKeys("hostNetwork", "hostPID", "hostIPC");
        assertThat(pod).containsEntry("automountServiceAccountToken", false);
        // Kinds of volumes that the restricted profile permits, and that are needed.
        assertThat(list(pod, "volumes"))
                .allSatisfy(each ->
                        assertThat(Set.of("configMap", "secret", "emptyDir")).containsAnyElementsOf(each.keySet()))
                .allSatisfy(each -> assertThat(each).hasSize(2));
        assertThat(list(container, "volumeMounts").stream().map(each -> each.get("name")))
                .containsExactlyInAnyOrderElementsOf(list(pod, "volumes").stream()
                        .map(each -> each.get("name"))
                        .toList());
        assertThat(list(container, "volumeMounts").stream().map(each -> each.get("mountPath")))
                .doesNotHaveDuplicates();

        for (var kind : List.of("requests", "limits")) {
            assertThat(text(container, "resources", kind, "memory")).matches(QUANTITY);
        }
        assertThat(text(container, "resources", "requests", "cpu")).matches(QUANTITY);

        checkImage(text(container, "image"));
        checkEnvironment(list(container, "env"));
        checkConfig(rendered, deployment, service, pod, container);
    }

    private static void checkImage(String image) {
        assertThat(image).matches("[^/]*[.:][^/]*/.+[:@].+|localhost/.+[:@].+").doesNotContain("@@", "::", " ");
    }

    private static void checkEnvironment(List<Map<String, Object>> environment) {
        assertThat(environment.stream().map(each -> each.get("name"))).doesNotHaveDuplicates();
        for (var each : environment) {
            if (each.get("name").toString().matches(".*(PASSWORD|SECRET)$")) {
                assertThat(map(each, "valueFrom")).containsOnlyKeys("secretKeyRef");
            }
        }
    }

    private static void checkConfig(
            String rendered,
            Map<String, Object> deployment,
            String service,
            Map<String, Object> pod,
            Map<String, Object> container) {
        var name = text(deployment, "metadata", "name");
        Map<String, Object> config = Chart.cast(new Yaml().load((String)
                map(Chart.object(rendered, "ConfigMap", name), "data").get(service + ".yml")));
        var ports = new HashMap<String, Object>();
        list(container, "ports").forEach(each -> ports.put(each.get("name").toString(), each.get("containerPort")));
        boolean gateway = service.equals("gateway-service");
        assertThat(
                        gateway
                                ? map(config, "management", "server").get("port")
                                : map(config, "server").get("port"))
                .isEqualTo(ports.get("management"));
        if (gateway) {
            assertThat(map(config, "server").get("port")).isEqualTo(ports.get("http"));
        } else {
            assertThat(map(config, "spring", "grpc", "server").get("port")).isEqualTo(ports.get("grpc"));
        }

        long preStop = container.containsKey("lifecycle")
                ? (int) map(container, "lifecycle", "preStop", "sleep").get("seconds")
                : 0;
        var drain = drain(service, config);
        var phase = duration(map(config, "spring", "lifecycle").get("timeout-per-shutdown-phase"));
        assertThat(phase).isGreaterThan(drain);
        assertThat(Duration.ofSeconds((int) pod.get("terminationGracePeriodSeconds") - preStop))
                .isGreaterThan(drain);

        // What is mounted is where the configuration looks.
        var mounted = list(container, "volumeMounts").stream()
                .map(each -> each.get("mountPath").toString())
                .toList();
        for (var file : files(config)) {
            assertThat(mounted).anyMatch(each -> file.startsWith("file:" + each + "/"));
        }
        // An unquoted number in the form of a float would reach a property that is a whole number.
        assertThat(config.toString()).doesNotContainPattern("[0-9]e[+]?[0-9]{2}[,}]");
    }

    private static Duration drain(String service, Map<String, Object> config) {
        return switch (service) {
            case "gateway-service" -> duration(map(config, "gateway", "drain").get("window"));
            case "session-service" -> duration(map(config, "session").get("drain"));
            case "fanout-service" -> duration(map(config, "fanout").get("drain"));
            default -> Duration.ZERO;
        };
    }

    private static Duration duration(Object text) {
        return DurationStyle.detectAndParse(Objects.requireNonNull(text).toString());
    }

    private static List<String> files(Object node) {
        var found = new ArrayList<String>();
        if (node instanceof Map<?, ?> map) {
            map.values().forEach(each -> found.addAll(files(each)));
        } else if (node instanceof String text && text.startsWith("file:")) {
            found.add(text);
        }
        return found;
    }

    private static void checkSelectors(String rendered) {
        var pods = objects(rendered, "Deployment").stream()
                .map(each -> map(each, "spec", "template", "metadata", "labels"))
                .toList();
        var selectors = Stream.of(
                        objects(rendered, "Deployment").stream()
                                .map(each -> map(each, "spec", "selector", "matchLabels")),
                        objects(rendered, "PodDisruptionBudget").stream()
                                .map(each -> map(each, "spec", "selector", "matchLabels")),
                        objects(rendered, "NetworkPolicy").stream()
                                .map(each -> map(each, "spec", "podSelector", "matchLabels")),
                        objects(rendered, "Service").stream().map(each -> map(each, "spec", "selector")))
                .flatMap(each -> each)
                .toList();
        assertThat(selectors)
                .allSatisfy(selector -> assertThat(pods)
                        .filteredOn(labels -> labels.entrySet().containsAll(selector.entrySet()))
                        .hasSize(1));
        assertThat(new HashSet<>(selectors)).hasSize(6);
    }

    private static void checkBudgets(String rendered) {
        assertThat(objects(rendered, "PodDisruptionBudget")).hasSize(6).allSatisfy(each -> {
            assertThat(map(each, "spec")).doesNotContainKey("minAvailable");
            assertThat(text(each, "spec", "maxUnavailable")).matches("[0-9]+%?");
        });
    }

    private static void checkServicePorts(String rendered) {
        for (var service : objects(rendered, "Service")) {
            var target = objects(rendered, "Deployment").stream()
                    .filter(each -> map(each, "spec", "template", "metadata", "labels")
                            .entrySet()
                            .containsAll(map(service, "spec", "selector").entrySet()))
                    .findFirst()
                    .orElseThrow();
            var names = list(container(target), "ports").stream()
                    .map(each -> each.get("name"))
                    .toList();
            var ports = list(map(service, "spec"), "ports");
            assertThat(ports.stream().map(each -> each.get("port"))).doesNotHaveDuplicates();
            assertThat(ports.stream().map(each -> each.get("name"))).doesNotHaveDuplicates();
            assertThat(names)
                    .containsAll(
                            ports.stream().map(each -> each.get("targetPort")).toList());
        }
    }
}
