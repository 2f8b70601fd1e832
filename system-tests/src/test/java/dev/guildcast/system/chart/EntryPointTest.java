package dev.guildcast.system.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The image's entry point, with a `java` that prints what it was given.
class EntryPointTest {
    private static final Path ENTRY_POINT = Path.of("..", "docker", "run").toAbsolutePath();

    @TempDir
    Path folder;

    @BeforeEach
    void aJavaThatPrints() throws IOException {
        var java = Files.writeString(folder.resolve("java"), """
                #!/bin/sh
                echo "id=${GUILDCAST_NODE_ID:-}"
                echo "host=${POD_HOST:-}"
                echo "arguments=$*"
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void eachStartInOnePodIsAnotherNode() throws Exception {
        var environment = Map.of("POD_NAME", "gc-session-service-7d9f-x2x4q");
        var first = line("id=", run(environment, "session-service"));
        var second = line("id=", run(environment, "session-service"));
        assertThat(first).matches("gc-session-service-7d9f-x2x4q-[0-9a-f]{8}").isNotEqualTo(second);
    }

    @Test
    void aNodeOutsideOfAPodIsNamedAfterItsService() throws Exception {
        assertThat(line("id=", run(Map.of(), "fanout-service"))).matches("fanout-service-[0-9a-f]{8}");
    }

    @Test
    void aGivenIdIsKept() throws Exception {
        assertThat(line("id=", run(Map.of("GUILDCAST_NODE_ID", "mine"), "voice-signaling-service")))
                .isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 10.1.2.3", "fd00::1:2, [fd00::1:2]", "'', ''"})
    void anIpv6AddressIsBracketed(String address, String host) throws Exception {
        assertThat(line("host=", run(Map.of("POD_IP", address), "presence-service")))
                .isEqualTo(host);
    }

    @Test
    void optionsComeBeforeTheMainClassAndPropertiesBehind() throws Exception {
        var output = run(Map.of("JAVA_OPTIONS", "-Xmx1g -Da=b"), "gateway-service", "--server.port=1");
        assertThat(line("arguments=", output))
                .matches(".* -Xmx1g -Da=b @/app/run/gateway-service.args"
                        + " dev.guildcast.gateway.GatewayApplication --server.port=1");
    }

    @Test
    void whatIsNoServiceIsRefused() throws Exception {
        assertThat(run(Map.of(), "nothing"))
                .contains("\"nothing\" is no service")
                .doesNotContain("arguments=");
    }

    private static String line(String start, String output) {
        return output.lines()
                .filter(each -> each.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output))
                .substring(start.length());
    }

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ProcessBuilder(ENTRY_POINT.toString());
        command.command().addAll(java.util.List.of(arguments));
        command.environment().keySet().removeIf(each -> each.startsWith("POD_") || each.startsWith("GUILDCAST_"));
        command.environment().putAll(environment);
        command.environment().merge("PATH", folder.toString(), (old, mine) -> mine + ":" + old);
        var process = command.redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
