package dev.guildcast.suite.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nanos;

    @Test
    void withoutATerminalEachChangeIsOnePlainLine() {
        var progress = printer(false);
        start(progress);
        assertThat(text().lines())
                .containsExactly(
                        "   1.0 s  starting",
                        "   1.0 s  kafka-1 is starting",
                        "   1.0 s  kafka-1 is ready",
                        "   1.0 s  gateway-1 is starting",
                        "   1.0 s  gateway-1 ended (because), restarting it in 0.25 s",
                        "   1.0 s  gateway-1 is ready",
                        "   1.0 s  gateway-1 runs but reports unhealthy",
                        "   1.0 s  gateway-1 is ready again");
        assertThat(text()).doesNotContain("\u001b");
    }

    @Test
    void onATerminalEachServiceHasALineThatIsUpdatedInPlace() {
        var progress = printer(true);
        start(progress);
        assertThat(screen(text()))
                .containsExactly(
                        "   1.0 s  starting",
                        "   1.0 s  gateway-1 ended (because), restarting it in 0.25 s",
                        "            kafka-1: ready",
                        "            gateway-1: ready");
        progress.reportStopping();
        assertThat(screen(text()))
                .containsExactly(
                        "   1.0 s  starting",
                        "   1.0 s  gateway-1 ended (because), restarting it in 0.25 s",
                        "   1.0 s  stopping");
    }

    private ProgressPrinter printer(boolean terminal) {
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var progress = new ProgressPrinter(out, terminal, () -> nanos);
        nanos = 1_000_000_000;
        return progress;
    }

    private static void start(ProgressPrinter progress) {
        progress.report("starting");
        progress.showServices(List.of("kafka-1", "gateway-1"));
        progress.onState(status("kafka", ServiceState.STARTING));
        progress.onState(status("kafka", ServiceState.STARTING));
        progress.onState(status("kafka", ServiceState.READY));
        progress.onState(status("gateway", ServiceState.STARTING));
        progress.onState(status("gateway", ServiceState.BACKING_OFF));
        progress.onEnded(status("gateway", ServiceState.BACKING_OFF), "because", Duration.ofMillis(250));
        progress.onState(status("gateway", ServiceState.STARTING));
        progress.onState(status("gateway", ServiceState.READY));
        progress.onState(status("gateway", ServiceState.UNHEALTHY));
        progress.onState(status("gateway", ServiceState.READY));
    }

    private static ServiceStatus status(String name, ServiceState state) {
        return new ServiceStatus(name, 1, 0, Map.of(), state, 0);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// What a terminal shows after these bytes.
    private static List<String> screen(String text) {
        var lines = new ArrayList<String>();
        for (var line : text.split("\n", -1)) {
            var rest = line;
            while (rest.startsWith("\u001b[")) {
                int up = Integer.parseInt(rest.substring(2, rest.indexOf('A')));
                for (int i = 0; i < up; i++) {
                    lines.removeLast();
                }
                rest = rest.substring(rest.indexOf("\u001b[J") + 3);
            }
            lines.add(rest);
        }
        lines.removeLast();
        return lines;
    }
}
