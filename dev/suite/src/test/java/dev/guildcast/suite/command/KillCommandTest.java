package dev.guildcast.suite.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.suite.status.SuiteStatus.Instance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KillCommandTest {
    private final SuiteStatus status =
            of("gateway-service", "gateway-service", "session-service", "voice-server", "voice-signaling-service");

    @Test
    void resolvesANameAPrefixAndAnIndex() {
        assertThat(KillCommand.resolve(status, "gateway-service-2").id()).isEqualTo("gateway-service-2");
        assertThat(KillCommand.resolve(status, "gateway").id()).isEqualTo("gateway-service-1");
        assertThat(KillCommand.resolve(status, "gateway-2").id()).isEqualTo("gateway-service-2");
        assertThat(KillCommand.resolve(status, "session").id()).isEqualTo("session-service-1");
        assertThat(KillCommand.resolve(status, "voice-server").id()).isEqualTo("voice-server-1");
    }

    @Test
    void rejectsUnknownAndAmbiguousNames() {
        assertThatThrownBy(() -> KillCommand.resolve(status, "voice"))
                .hasMessage("'voice' may be voice-server, voice-signaling-service");
        assertThatThrownBy(() -> KillCommand.resolve(status, "postgres"))
                .hasMessageStartingWith("no service 'postgres' (expected one of gateway-service,");
        assertThatThrownBy(() -> KillCommand.resolve(status, "gateway-3"))
                .hasMessageStartingWith("no service 'gateway-3'");
    }

    private static SuiteStatus of(String... names) {
        var counts = new HashMap<String, Integer>();
        List<Instance> instances = Stream.of(names)
                .map(name -> new Instance(name, counts.merge(name, 1, Integer::sum), 1, Map.of(), "ready", 0))
                .toList();
        return new SuiteStatus(true, 1, "", "", List.of(), "", "", "", instances);
    }
}
