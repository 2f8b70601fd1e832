package dev.guildcast.system.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/// The chart, and its rendered objects as maps.
final class Chart {
    static final Path FOLDER = Path.of("..", "helm", "guildcast");

    /// The services by their keys in the values.
    static final Map<String, String> SERVICES = Map.of(
            "gateway", "gateway-service",
            "session", "session-service",
            "fanout", "fanout-service",
            "presence", "presence-service",
            "voice", "voice-signaling-service",
            "coordinator", "shard-coordinator");

    private Chart() {}

    /// As release `gc` in the namespace `chat`, with nothing set.
    static TemplateCommand bare() {
        return new Helm(FOLDER).template().withName("gc").withNamespace("chat").withKubeVersion("1.31.0");
    }

    /// With the required values.
    static TemplateCommand good() {
        return withoutIdentities()
                .set("internal.tls.certificate.create", true)
                .set("internal.tls.certificate.issuerRef.name", "authority");
    }

    /// With the required values, except for how the services prove themselves to each other.
    static TemplateCommand withoutIdentities() {
        return bare().set("image.repository", "registry.example.org/guildcast")
                .set("kafka.bootstrapServers", "kafka-0.kafka:9092")
                .set("redis.host", "redis")
                .set("tokens.issuer", "https://id.example.org");
    }

    static List<Map<String, Object>> objects(String rendered) {
        var found = new ArrayList<Map<String, Object>>();
        for (Object each : new Yaml().loadAll(rendered)) {
            if (each != null) {
                found.add(cast(each));
            }
        }
        return found;
    }

    static List<Map<String, Object>> objects(String rendered, String kind) {
        return objects(rendered).stream()
                .filter(each -> kind.equals(each.get("kind")))
                .toList();
    }

    static Map<String, Object> object(String rendered, String kind, String name) {
        return objects(rendered, kind).stream()
                .filter(each -> name.equals(text(each, "metadata", "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in\n" + rendered));
    }

    /// The configuration file of a service, parsed.
    static Map<String, Object> config(String rendered, String service) {
        var files = map(object(rendered, "ConfigMap", "gc-" + service), "data");
        return cast(new Yaml().load((String) files.get(service + ".yml")));
    }

    /// The only container of a Deployment.
    static Map<String, Object> container(Map<String, Object> deployment) {
        var containers = list(map(deployment, "spec", "template", "spec"), "containers");
        if (containers.size() != 1) {
            throw new AssertionError("not one container but " + containers);
        }
        return containers.getFirst();
    }

    static Map<String, Object> map(Map<String, Object> from, String... path) {
        Map<String, Object> at = from;
        for (var key : path) {
            at = cast(at.get(key));
        }
        return at;
    }

    static String text(Map<String, Object> from, String... path) {
        Map<String, Object> at = from;
        for (int i = 0; i < path.length - 1; i++) {
            at = cast(at.get(path[i]));
        }
        return String.valueOf(at.get(path[path.length - 1]));
    }

    /// The list at the key; empty if there is none.
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Map<String, Object> from, String key) {
        return (List<Map<String, Object>>) from.getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }
}
