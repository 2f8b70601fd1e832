package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    private void write(String file, String text) throws IOException {
        var path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
