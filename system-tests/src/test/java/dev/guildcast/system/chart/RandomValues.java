package dev.guildcast.system.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// Valid values of the chart, drawn from a seed; each is left at its default as often as not.
final class RandomValues {
    private final Random random;

    private RandomValues(long seed) {
        random = new Random(seed);
    }

    static Map<String, Object> from(long seed) {
        return new RandomValues(seed).values();
    }

    /// A release's name has at most 53 characters.
    static String release(long seed) {
        var random = new Random(seed);
        return "r" + "elease-x".repeat(7).substring(0, random.nextInt(53)).replaceFirst("-$", "z");
    }

    private Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("image", image());
        values.put("kafka", kafka());
        values.put("redis", redis());
        values.put("tokens", tokens());
        values.put("internal", internal());
        maybe(values, "topology", () -> Map.of("guildShards", oneOf(1, 64, 2048), "dedicatedShards", oneOf(0, 2048)));
        maybe(values, "ingress", () -> Map.of("publishersSecret", oneOf("", "publishers")));
        for (var key : Chart.SERVICES.keySet().stream().sorted().toList()) {
            values.put(key, service(key));
        }
        maybe(values, "preStopSeconds", () -> oneOf(0, 1, 5, 300));
        maybe(values, "serviceAccount", () -> Map.of("create", random.nextBoolean()));
        maybe(values, "networkPolicy", this::networkPolicy);
        return values;
    }

    private Map<String, Object> image() {
        var image = new LinkedHashMap<String, Object>();
        image.put("repository", oneOf("registry.example.org/guildcast", "localhost:5000/a/b", "localhost/guildcast"));
        maybe(image, "tag", () -> oneOf("1.2.3", "latest", "main_1"));
        maybe(image, "digest", () -> "sha256:" + "ab".repeat(32));
        maybe(image, "pullSecrets", () -> List.of(Map.of("name", "pull")));
        return image;
    }

    private Map<String, Object> kafka() {
        var kafka = new LinkedHashMap<String, Object>();
        kafka.put("bootstrapServers", oneOf("kafka:9092", "a:9092,b:9093,[fd00::1]:9092", "10.0.0.1:19092"));
        maybe(kafka, "replicationFactor", () -> oneOf(1, 2, 3, 5));
        maybe(kafka, "prefix", () -> oneOf("guildcast.", "a-b_c."));
        return kafka;
    }

    private Map<String, Object> redis() {
        var redis = new LinkedHashMap<String, Object>();
        redis.put("host", oneOf("redis", "fd00::1"));
        maybe(redis, "port", () -> oneOf(6379, 6380, 65535));
        boolean tls = random.nextBoolean();
        redis.put("tls", tls);
        if (tls) {
            maybe(redis, "caSecret", () -> "redis-ca");
        }
        maybe(redis, "authSecret", () -> "redis-auth");
        return redis;
    }

    private Map<String, Object> tokens() {
        return switch (random.nextInt(3)) {
            case 0 -> Map.of("issuer", oneOf("https://id.example.org", "http://id:8080/realms/a"));
            case 1 -> Map.of("verifier", "jwt-secret", "secret", "token-key");
            default ->
                Map.of(
                        "verifier", "introspection",
                        "secret", "token-key",
                        "introspection", Map.of("uri", "https://id.example.org:8443/introspect"));
        };
    }

    private Map<String, Object> internal() {
        return switch (random.nextInt(3)) {
            case 0 -> Map.of("plaintext", true, "secret", "suite-secret");
            case 1 -> {
                var secrets = new LinkedHashMap<String, Object>();
                Chart.SERVICES.keySet().forEach(key -> secrets.put(key, key + "-identity"));
                yield Map.of("tls", Map.of("secrets", secrets), "identityPrefix", "spiffe://example.org/a/");
            }
            default ->
                Map.of(
                        "tls",
                        Map.of(
                                "certificate",
                                Map.of(
                                        "create", true,
                                        "issuerRef", Map.of("name", "authority"),
                                        "clients",
                                                oneOf(
                                                        List.of(),
                                                        List.of("operator"),
                                                        List.of("operator", "voice-server")))));
        };
    }

    private Map<String, Object> service(String key) {
        var service = new LinkedHashMap<String, Object>();
        boolean gateway = key.equals("gateway");
        maybe(service, "replicas", () -> oneOf(1, 2, 3, 100));
        maybe(service, "drainSeconds", () -> gateway ? 5 + random.nextInt(106) : oneOf(1, 30, 3600));
        maybe(service, "maxUnavailable", () -> oneOf(0, 1, 7, "0%", "25%", "100%"));
        maybe(service, "resources", () -> Map.of("requests", Map.of("cpu", oneOf(1, "250m", 0.5), "memory", "1Gi")));
        maybe(service, "jvmOptions", () -> oneOf("-Xmx1g -Da=\"b c\"", "-XX:MaxRAMPercentage=60"));
        maybe(service, "podAnnotations", () -> oneOf(Map.of("a/b", "c"), Map.of("prometheus.io/scrape", "false")));
        maybe(service, "nodeSelector", () -> Map.of("pool", "chat"));
        maybe(service, "tolerations", () -> List.of(Map.of("key", "chat", "operator", "Exists")));
        maybe(service, "config", () -> Map.of("logging", Map.of("level", Map.of("root", "warn", "x", 20000000))));
        if (gateway) {
            maybe(service, "connectionsMax", () -> oneOf(1, 50_000, 1_000_000));
            maybe(service, "service", this::clientsService);
            tls(service);
        }
        if (key.equals("fanout")) {
            maybe(service, "ingressPort", () -> oneOf(1, 80, 8080, 8081, 8090, 65535));
        }
        return service;
    }

    private Map<String, Object> clientsService() {
        return Map.of(
                "type", oneOf("ClusterIP", "NodePort", "LoadBalancer"),
                "port", oneOf(80, 443, 9090),
                "externalTrafficPolicy", oneOf("Local", "Cluster"));
    }

    private void tls(Map<String, Object> gateway) {
        boolean tls = random.nextBoolean();
        if (tls) {
            gateway.put(
                    "tls",
                    random.nextBoolean()
                            ? Map.of("secretName", "gateway-tls")
                            : Map.of(
                                    "secretName",
                                    oneOf("", "gateway-tls"),
                                    "certificate",
                                    Map.of(
                                            "create", true,
                                            "dnsNames", List.of("*.example.org", "gateway.example.org"),
                                            "issuerRef", Map.of("name", "public"))));
        }
        maybe(gateway, "publicUrl", () -> oneOf("wss://gateway.example.org", "wss://[fd00::1]:8443", ""));
    }

    private Map<String, Object> networkPolicy() {
        var policy = new LinkedHashMap<String, Object>();
        policy.put("enabled", random.nextInt(4) > 0);
        var peers = List.of(
                Map.of("ipBlock", Map.of("cidr", "10.0.0.0/8")),
                Map.of("namespaceSelector", Map.of(), "podSelector", Map.of("matchLabels", Map.of("a", "b"))));
        for (var key : List.of("clients", "publishers", "voiceServers", "metrics")) {
            maybe(policy, key, () -> Map.of("from", oneOf(List.of(), peers)));
        }
        for (var key : List.of("kafka", "redis", "identity")) {
            maybe(
                    policy,
                    key,
                    () -> Map.of("to", oneOf(List.of(), peers), "ports", oneOf(List.of(), List.of(1, 65535))));
        }
        maybe(policy, "nodes", () -> List.of("192.168.0.0/16", "fd00::/64"));
        return policy;
    }

    private void maybe(Map<String, Object> values, String key, Supplier<Object> value) {
        if (random.nextBoolean()) {
            values.put(key, value.get());
        }
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }
}
