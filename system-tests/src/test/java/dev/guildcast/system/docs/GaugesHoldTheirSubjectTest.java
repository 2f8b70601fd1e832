package dev.guildcast.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Micrometer holds the subject of a gauge weakly unless asked otherwise: a gauge whose subject nobody else holds reads
/// NaN after the next collection, and an alert on it never fires.
class GaugesHoldTheirSubjectTest {
    private static final Path ROOT = Path.of("..");
    /// From the builder of a gauge to its registration.
    private static final Pattern GAUGE = Pattern.compile("Gauge\\s*\\.builder\\(.*?\\.register\\(", Pattern.DOTALL);

    @Test
    void everyGaugeHoldsItsSubject() throws IOException {
        var weak = new ArrayList<String>();
        int[] gauges = {0};
        try (Stream<Path> files = Files.find(ROOT, 30, (path, attributes) -> isProductionSource(path))) {
            files.forEach(file -> gauges[0] += collectWeak(file, weak));
        }
        assertThat(weak).isEmpty();
        assertThat(gauges[0]).as("gauges found").isGreaterThan(20);
    }

    private static boolean isProductionSource(Path path) {
        String text = path.toString();
        return text.endsWith(".java") && text.contains("/src/main/") && !text.contains("/target/");
    }

    private static int collectWeak(Path file, List<String> weak) {
        try {
            var matcher = GAUGE.matcher(Files.readString(file));
            int gauges = 0;
            while (matcher.find()) {
                gauges++;
                if (!matcher.group().contains(".strongReference(true)")) {
                    weak.add(file + ": " + matcher.group().lines().findFirst().orElseThrow());
                }
            }
            return gauges;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
