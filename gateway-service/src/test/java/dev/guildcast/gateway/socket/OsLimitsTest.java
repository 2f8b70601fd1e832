package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsLimitsTest {
    @TempDir
    Path proc;

    @Test
    void namesTheLimitAndTheProperty() throws IOException {
        write(
                "self/limits",
                "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n");
        write("sys/net/core/somaxconn", "128\n");
        write("sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        var warnings = new OsLimits(proc).warnings(50_000, 4096, 40_000);
        assertThat(warnings).hasSize(3);
        assertThat(warnings.get(0)).contains("1024", "gateway.connections.max", "50512");
        assertThat(warnings.get(1)).contains("somaxconn is 128", "4096");
        assertThat(warnings.get(2)).contains("40000", "32768-60999");
    }

    @Test
    void warnsOfNothingWhenAllLimitsSuffice() throws IOException {
        write("self/limits", "Max open files            unlimited            unlimited            files\n");
        write("sys/net/core/somaxconn", "4096\n");
        write("sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        assertThat(new OsLimits(proc).warnings(50_000, 4096, 8081)).isEmpty();
    }

    @Test
    void warnsOfNothingWithoutProc() {
        assertThat(new OsLimits(proc.resolve("absent")).warnings(50_000, 4096, 8081))
                .isEmpty();
    }

    /// Files of `/proc/sys` have size zero, and give their whole text to the first read only.
    @Test
    void readsTheKernelsOwnFilesWhole() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/sys/net/core/somaxconn")));
        int somaxconn = Integer.parseInt(readInOneProcess("/proc/sys/net/core/somaxconn"));
        var range = readInOneProcess("/proc/sys/net/ipv4/ip_local_port_range").split("\\s+");
        var warnings = new OsLimits().warnings(1, somaxconn + 1, Integer.parseInt(range[1]));
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).startsWith("net.core.somaxconn is " + somaxconn + " and caps");
        assertThat(warnings.get(1)).contains(range[1] + " lies in", " " + range[0] + "-" + range[1] + ":");
        assertThat(new OsLimits().warnings(1, somaxconn, 0)).isEmpty();
    }

    private static String readInOneProcess(String file) throws Exception {
        var cat = new ProcessBuilder("cat", file).start();
        return new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    private void write(String file, String text) throws IOException {
        var path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
