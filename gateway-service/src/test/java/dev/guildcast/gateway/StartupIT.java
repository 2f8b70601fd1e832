package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// What a gateway logs while it starts.
@ExtendWith(OutputCaptureExtension.class)
class StartupIT {
    @Test
    void warnsOfEachLimitOnceAlsoWhenTheActuatorHasAPortOfItsOwn(CapturedOutput output) {
        try (var gateway = new GatewayFixture(
                "--management.server.port=0", "--gateway.socket.backlog=2000000000", "--gateway.connections.max=10")) {
            assertThat(gateway.port).isPositive();
        }
        assertThat(output.getAll().lines().filter(line -> line.contains("net.core.somaxconn is")))
                .hasSize(1);
    }
}
