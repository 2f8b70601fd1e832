package dev.guildcast.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every metric in the code is listed in `docs/metrics.md` with unit and owner, and the page lists no other.
class MetricsCatalogueTest {
    private static final Pattern IN_CODE = Pattern.compile(
            "\"(guildcast\\.(?:gateway|sessions?|fanout|ingress|presence" + "|voice|shard|coordinator)[a-z.]*)\"");
    private static final Pattern ROW = Pattern.compile("\\| `(guildcast\\.[a-z.]+)` \\| [^|]+ \\| [^|]+ \\| [^|]+ \\|");
    private static final List<String> MODULES = List.of(
            "shard-runtime",
            "gateway-service",
            "session-service",
            "fanout-service",
            "presence-service",
            "voice-signaling-service",
            "voice-server",
            "shard-coordinator");

    @Test
    void listsExactlyTheMetricsOfTheCode() throws IOException {
        var code = namesInCode();
        var page = namesOnPage();
        assertThat(code).isNotEmpty();
        assertThat(code.stream().filter(name -> page.stream().noneMatch(row -> matches(row, name))))
                .as("metrics without a row in docs/metrics.md")
                .isEmpty();
        assertThat(page.stream().filter(row -> code.stream().noneMatch(name -> matches(row, name))))
                .as("rows of docs/metrics.md without a metric")
                .isEmpty();
    }

    /// A name that ends in a dot is the prefix of several.
    private static boolean matches(String row, String name) {
        return name.endsWith(".") ? row.startsWith(name) : row.equals(name);
    }

    private static Set<String> namesInCode() throws IOException {
        var names = new TreeSet<String>();
        for (var module : MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (var file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    IN_CODE.matcher(Files.readString(file))
                            .results()
                            .map(found -> found.group(1))
                            .forEach(names::add);
                }
            }
        }
        return names;
    }

    private static Set<String> namesOnPage() throws IOException {
        return ROW.matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
