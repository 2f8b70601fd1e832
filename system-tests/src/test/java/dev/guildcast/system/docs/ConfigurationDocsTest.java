package dev.guildcast.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/configuration.md` is generated from the metadata of every property. `-Dguildcast.docs=write` regenerates it.
class ConfigurationDocsTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Map<String, String> OWNERS = Map.of(
            "gateway", "gateway-service",
            "session", "session-service",
            "fanout", "fanout-service",
            "ingress", "fanout-service, ingress",
            "presence", "presence-service",
            "voice", "voice-signaling-service",
            "voice-server", "voice-server",
            "coordinator", "shard-coordinator",
            "guildcast", "every service");

    private record Property(String name, String type, String fallback, String text) {}

    @Test
    void matchesTheProperties() throws IOException {
        var page = render(properties());
        if ("write".equals(System.getProperty("guildcast.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as(
                        "docs/configuration.md is stale: run ./mvnw -pl system-tests -am test"
                                + " -Dtest=ConfigurationDocsTest -Dsurefire.failIfNoSpecifiedTests=false -Dguildcast.docs=write")
                .isEqualTo(page);
    }

    @Test
    void everyPropertyHasADescription() throws IOException {
        assertThat(properties().values().stream()
                        .flatMap(List::stream)
                        .filter(property -> property.text().isBlank())
                        .map(Property::name))
                .as("properties without a text")
                .isEmpty();
    }

    private static Map<String, List<Property>> properties() throws IOException {
        Map<String, List<Property>> byOwner = new TreeMap<>();
        var mapper = JsonMapper.builder().build();
        var files = ConfigurationDocsTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json");
        for (URL file : java.util.Collections.list(files)) {
            JsonNode metadata;
            try (InputStream in = file.openStream()) {
                metadata = mapper.readTree(in.readAllBytes());
            }
            for (var property : metadata.path("properties")) {
                var name = property.path("name").asString("");
                var owner = OWNERS.get(name.substring(0, Math.max(0, name.indexOf('.'))));
                if (owner != null && property.path("sourceType").asString("").startsWith("dev.guildcast.")) {
                    byOwner.computeIfAbsent(owner, key -> new ArrayList<>())
                            .add(new Property(
                                    name,
                                    shortType(property.path("type").asString("")),
                                    fallback(property.path("defaultValue")),
                                    property.path("description").asString("")));
                }
            }
        }
        byOwner.replaceAll((owner, list) -> list.stream()
                .distinct()
                .sorted(Comparator.comparing(Property::name))
                .toList());
        return byOwner;
    }

    private static String render(Map<String, List<Property>> byOwner) {
        var page = new StringBuilder("""
                # Configuration

                Every property of the services, generated from their metadata by a test. Set them as any Spring Boot property:
                in a file named after the service (`gateway-service.yml`), as `--name=value`, or as an environment variable in
                upper case with `_` for `.` and without `-`.
                """);
        byOwner.forEach((owner, properties) -> {
            page.append("\n## ")
                    .append(owner)
                    .append("\n\n| property | default | meaning and trade-off |\n|---|---|---|\n");
            for (var property : properties) {
                page.append("| `")
                        .append(property.name())
                        .append("` (")
                        .append(property.type())
                        .append(") | ")
                        .append(property.fallback().isEmpty() ? "" : "`" + property.fallback() + "`")
                        .append(" | ")
                        .append(property.text().replaceAll("\\s+", " ").replace("|", "\\|"))
                        .append(" |\n");
            }
        });
        return new String(page.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String fallback(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (node.isArray()) {
            var parts = new ArrayList<String>();
            node.forEach(part -> parts.add(part.asString("")));
            return String.join(",", parts);
        }
        return node.asString("");
    }

    private static String shortType(String type) {
        return type.replaceAll("[a-z]+\\.", "")
                .replace('$', '.')
                .replace("<", "‹")
                .replace(">", "›");
    }
}
