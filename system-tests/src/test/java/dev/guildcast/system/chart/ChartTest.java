package dev.guildcast.system.chart;

import static dev.guildcast.system.chart.Chart.config;
import static dev.guildcast.system.chart.Chart.container;
import static dev.guildcast.system.chart.Chart.good;
import static dev.guildcast.system.chart.Chart.list;
import static dev.guildcast.system.chart.Chart.map;
import static dev.guildcast.system.chart.Chart.object;
import static dev.guildcast.system.chart.Chart.objects;
import static dev.guildcast.system.chart.Chart.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

class ChartTest {
    private static final Collection<String> SERVICES = Chart.SERVICES.values();

    @Test
    void lintFindsNothing() {
        var result = new Helm(Chart.FOLDER).lint().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void rendersSixWorkloadsThatSurviveADrain() {
        var deployments = objects(good().call(), "Deployment");
        assertThat(deployments.stream().map(each -> text(each, "metadata", "name")))
                .containsExactlyInAnyOrderElementsOf(
                        SERVICES.stream().map("gc-"::concat).toList());
        for (var deployment : deployments) {
            var pod = map(deployment, "spec", "template", "spec");
            var container = container(deployment);
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
        var headless = objects(good().call(), "Service").stream()
                .filter(each -> "None".equals(map(each, "spec").get("clusterIP")))
                .map(each -> text(each, "metadata", "name"));
        assertThat(headless)
                .containsExactlyInAnyOrderElementsOf(SERVICES.stream()
                        .filter(each -> !each.equals("gateway-service"))
                        .map(each -> "gc-" + each + "-grpc")
                        .toList());
    }

    @Test
    void setsNoPropertyThatItsServiceDoesNotKnow() throws IOException {
        var known = knownProperties();
        var rendered = good().set("redis.tls", true)
                .set("redis.caSecret", "redis-ca")
                .set("gateway.tls.secretName", "gateway-tls")
                .call();
        for (var config : objects(rendered, "ConfigMap")) {
            for (var file : map(config, "data").entrySet()) {
                var names = new ArrayList<String>();
                flatten("", new Yaml().load((String) file.getValue()), names);
                names.removeIf(known::contains);
                // The bundles' names are ours, and the metadata knows them as a map.
                names.removeIf(
                        each -> each.startsWith("spring.ssl.bundle.pem.") && known.contains("spring.ssl.bundle.pem"));
                // Read as placeholders by all services, so that no class of theirs binds them.
                names.removeIf(each -> each.startsWith("guildcast."));
                assertThat(names).as("unknown properties in %s", file.getKey()).isEmpty();
            }
        }
    }

    @Test
    void keepsSecretsOutOfItsConfigMaps() {
        var rendered = good().set("redis.authSecret", "redis-auth")
                .set("redis.tls", true)
                .set("redis.caSecret", "redis-authority")
                .set("tokens.verifier", "jwt-secret")
                .set("tokens.secret", "token-key")
                .set("ingress.publishersSecret", "who-publishes")
                .set("gateway.tls.secretName", "clients-certificate")
                .set("internal.tls.certificate.create", false)
                .set("internal.tls.certificate.issuerRef.name", "")
                .set("internal.plaintext", true)
                .set("internal.secret", "suite-secret")
                .call();
        assertThat(objects(rendered, "ConfigMap").toString())
                .doesNotContain("redis-auth", "token-key", "who-publishes", "clients-certificate", "suite-secret");
        assertThat(objects(rendered, "Deployment").toString())
                .contains("secretKeyRef={name=redis-auth, key=password}")
                .contains("secretKeyRef={name=suite-secret, key=secret}")
                .contains("secretKeyRef={name=token-key, key=hs256-secret}")
                .contains("secretName=who-publishes")
                .contains("secretName=redis-authority")
                .contains("secretName=clients-certificate");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "25%, 25%", "0%, 0%"})
    void permitsAsManyDisruptionsAsItIsGiven(String given, String rendered) {
        var budget = object(
                good().set("session.maxUnavailable", given.matches("[0-9]+") ? Integer.valueOf(given) : given)
                        .call(),
                "PodDisruptionBudget",
                "gc-session-service");
        assertThat(text(budget, "spec", "maxUnavailable")).isEqualTo(rendered);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 11, 30, 59, 60, 61, 109, 110})
    void eachClientHasOp7AndTimeToLeaveBeforeTheDrainEnds(int seconds) {
        var drain =
                map(config(good().set("gateway.drainSeconds", seconds).call(), "gateway-service"), "gateway", "drain");
        int share = (int) drain.get("share");
        int closeAfter = seconds(drain.get("close-after"));
        assertThat(share).isBetween(1, 100);
        assertThat(closeAfter).isPositive();
        assertThat(seconds(drain.get("window"))).isEqualTo(seconds);
        assertThat(100.0 / share + closeAfter).as("%s", drain).isLessThanOrEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "5, 2"})
    void losingABrokerStopsNoPartitionThatHasACopyLeft(int copies, int minInsync) {
        var topics = map(
                config(good().set("kafka.replicationFactor", copies).call(), "shard-coordinator"),
                "coordinator",
                "topics");
        assertThat(topics).containsEntry("replication", copies).containsEntry("min-insync", minInsync);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 8080, 8081, 8090, 9091})
    void thePortOfTheIngressIsThatOfItsServiceOnly(int port) {
        var rendered = good().set("fanout.ingressPort", port).call();
        var ports = list(container(object(rendered, "Deployment", "gc-fanout-service")), "ports");
        assertThat(ports.stream().map(each -> each.get("containerPort"))).doesNotHaveDuplicates();
        var service = list(map(object(rendered, "Service", "gc-ingress"), "spec"), "ports");
        assertThat(service)
                .contains(Map.of("name", "ingress", "port", port, "targetPort", "ingress"))
                .hasSize(2);
        assertThat(map(config(rendered, "fanout-service"), "ingress", "http").get("port"))
                .isEqualTo(ports.stream()
                        .filter(each -> "ingress".equals(each.get("name")))
                        .findFirst()
                        .orElseThrow()
                        .get("containerPort"));
    }

    @Test
    void clientsThatDoNotReadFitTheDefaultMemory() {
        var rendered = good().call();
        var config = config(rendered, "gateway-service");
        long connections = ((Number) map(config, "gateway", "connections").get("max")).longValue();
        var outbound = DataSize.parse(
                map(config, "gateway", "socket").get("outbound-limit").toString());
        var limit = map(container(object(rendered, "Deployment", "gc-gateway-service")), "resources", "limits")
                .get("memory");
        assertThat(limit).isEqualTo("2Gi");
        assertThat(connections * outbound.toBytes())
                .isLessThan(DataSize.ofGigabytes(2).toBytes() * 7 / 10);
    }

    @Test
    void noNodeIdOutlivesItsProcess() {
        var rendered = good().call();
        for (var service : SERVICES) {
            assertThat(map(config(rendered, service), "guildcast")
                            .getOrDefault("node", Map.of())
                            .toString())
                    .as(service)
                    .doesNotContain("id=");
            var env = list(container(object(rendered, "Deployment", "gc-" + service)), "env");
            assertThat(env.stream().map(each -> each.get("name"))).doesNotContain("GUILDCAST_NODE_ID");
        }
    }

    /// The image's entry point makes POD_HOST: [EntryPointTest].
    @Test
    void addressesOfNodesHaveTheirHostInBracketsWhereItNeedsThem() {
        var rendered = good().call();
        for (var service : SERVICES) {
            if (!service.equals("gateway-service")) {
                assertThat(text(config(rendered, service), "guildcast", "node", "address"))
                        .isEqualTo("${POD_HOST:${POD_IP}}:9090");
            }
        }
    }

    @Test
    void noPreStopIsRenderedWithoutSeconds() {
        // A sleep of zero seconds is an invalid object before Kubernetes 1.33.
        for (var deployment : objects(good().set("preStopSeconds", 0).call(), "Deployment")) {
            assertThat(container(deployment)).doesNotContainKey("lifecycle");
        }
    }

    @Test
    void annotationsOfAPodReplaceThoseOfTheChart() {
        var rendered =
                good().set("voice.podAnnotations.prometheus\\.io/scrape", "no").call();
        assertThat(rendered.split("\n"))
                .filteredOn(each -> each.contains("prometheus.io/scrape"))
                .hasSize(6);
        var pod = map(object(rendered, "Deployment", "gc-voice-signaling-service"), "spec", "template", "metadata");
        assertThat(map(pod, "annotations"))
                .containsEntry("prometheus.io/scrape", "no")
                .containsEntry("prometheus.io/port", "8081");
    }

    @Test
    void namesFitWhateverTheReleaseIsCalled() {
        var rendered = good().withName("a".repeat(53)).call();
        for (var each : objects(rendered)) {
            assertThat(text(each, "metadata", "name")).hasSizeLessThanOrEqualTo(63);
        }
        assertThat(objects(rendered).stream().map(each -> each.get("kind") + text(each, "metadata", "name")))
                .doesNotHaveDuplicates();
    }

    @Test
    void servicesOfTheNamespaceSetNoProperties() {
        for (var deployment : objects(good().call(), "Deployment")) {
            assertThat(map(deployment, "spec", "template", "spec")).containsEntry("enableServiceLinks", false);
        }
    }

    @Test
    void theActuatorIsNotOnThePortOfClients() {
        var rendered = good().call();
        assertThat(map(config(rendered, "gateway-service"), "server")).containsEntry("port", 8080);
        assertThat(map(config(rendered, "gateway-service"), "management", "server"))
                .containsEntry("port", 8081);
        for (var service : SERVICES) {
            var container = container(object(rendered, "Deployment", "gc-" + service));
            assertThat(list(container, "ports")).contains(Map.of("name", "management", "containerPort", 8081));
            for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(text(container, probe, "httpGet", "port")).isEqualTo("management");
            }
            assertThat(text(config(rendered, service), "management", "endpoints", "access", "max-permitted"))
                    .isEqualTo("read-only");
        }
        assertThat(objects(rendered, "Service").stream()
                        .flatMap(each -> list(map(each, "spec"), "ports").stream())
                        .map(each -> each.get("targetPort")))
                .doesNotContain("management", 8081);
    }

    @Test
    void onlyServicesWithNodePortsHaveATrafficPolicy() {
        assertThat(map(object(good().call(), "Service", "gc-gateway-service"), "spec"))
                .doesNotContainKey("externalTrafficPolicy");
        for (var type : List.of("LoadBalancer", "NodePort")) {
            var rendered = good().set("gateway.service.type", type).call();
            assertThat(map(object(rendered, "Service", "gc-gateway-service"), "spec"))
                    .containsEntry("externalTrafficPolicy", "Local");
        }
    }

    @Test
    void certManagerFillsTheSecretThatTheGatewayReads() {
        var rendered = good().set("gateway.tls.certificate.create", true)
                .set("gateway.tls.certificate.issuerRef.name", "public")
                .set("gateway.tls.certificate.dnsNames[0]", "gateway.example.org")
                .call();
        var certificate = map(object(rendered, "Certificate", "gc-gateway-service"), "spec");
        assertThat(certificate)
                .containsEntry("secretName", "gc-gateway-service-tls")
                .containsEntry("dnsNames", List.of("gateway.example.org"));
        assertThat(objects(rendered, "Deployment").toString()).contains("secretName=gc-gateway-service-tls");
        assertThat(objects(good().set("gateway.tls.secretName", "mine").call(), "Certificate").stream()
                        .map(each -> text(each, "metadata", "name")))
                .isNotEmpty()
                .allMatch(each -> each.endsWith("-internal"));
    }

    @Test
    void eachServiceHasTheCertificateOfItsRole() {
        var rendered = good().call();
        for (var each : Chart.SERVICES.entrySet()) {
            var certificate = map(object(rendered, "Certificate", "gc-" + each.getKey() + "-internal"), "spec");
            var identity = "spiffe://guildcast.internal/chat/gc/guildcast/" + each.getKey();
            assertThat(certificate)
                    .containsEntry("uris", List.of(identity))
                    .containsEntry("usages", List.of("digital signature", "server auth", "client auth"));
            assertThat(map(certificate, "issuerRef")).containsEntry("name", "authority");
            var config = config(rendered, each.getValue());
            assertThat(map(config, "guildcast", "internal"))
                    .isEqualTo(
                            Map.of("tls", true, "identity-prefix", "spiffe://guildcast.internal/chat/gc/guildcast/"));
            var bundle = map(config, "spring", "ssl", "bundle", "pem", "internal");
            assertThat(bundle).containsEntry("reload-on-update", true);
            assertThat(text(bundle, "truststore", "certificate")).isEqualTo("file:/etc/guildcast/tls/internal/ca.crt");
            assertThat(object(rendered, "Deployment", "gc-" + each.getValue()).toString())
                    .contains("secretName=gc-" + each.getKey() + "-internal")
                    .contains("mountPath=/etc/guildcast/tls/internal");
        }
        assertThat(text(object(rendered, "Certificate", "gc-operator-internal"), "spec", "uris"))
                .isEqualTo("[spiffe://guildcast.internal/chat/gc/guildcast/operator]");
        assertThat(map(object(rendered, "Certificate", "gc-fanout-internal"), "spec")
                        .get("dnsNames"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains("gc-ingress.chat.svc");
        assertThat(map(config(rendered, "fanout-service"), "ingress")).containsEntry("ssl-bundle", "internal");
    }

    @Test
    void certificatesOfOnesOwnAreMounted() {
        var command = Chart.withoutIdentities();
        Chart.SERVICES.keySet().forEach(key -> command.set("internal.tls.secrets." + key, key + "-identity"));
        var rendered = command.call();
        assertThat(objects(rendered, "Certificate")).isEmpty();
        Chart.SERVICES.forEach((key, service) -> {
            assertThat(object(rendered, "Deployment", "gc-" + service).toString())
                    .contains("secretName=" + key + "-identity");
            assertThat(map(config(rendered, service), "guildcast", "internal")).containsEntry("tls", true);
        });
    }

    @Test
    void plaintextIsDeclaredByEachServiceAndHasASecret() {
        var rendered = Chart.withoutIdentities()
                .set("internal.plaintext", true)
                .set("internal.secret", "suite-secret")
                .call();
        for (var service : SERVICES) {
            assertThat(map(config(rendered, service), "guildcast", "internal")).isEqualTo(Map.of("plaintext", true));
            assertThat(list(container(object(rendered, "Deployment", "gc-" + service)), "env").stream()
                            .map(each -> each.get("name")))
                    .contains("GUILDCAST_INTERNAL_SECRET");
        }
        assertThat(map(config(rendered, "fanout-service"), "ingress")).doesNotContainKey("ssl-bundle");
        assertThat(objects(rendered, "Certificate")).isEmpty();
    }

    private static int seconds(Object duration) {
        return Integer.parseInt(String.valueOf(duration).replaceFirst("s$", ""));
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
}
