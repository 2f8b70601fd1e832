package dev.guildcast.suite.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuitePortsTest {
    /// Reserved for documentation, so no machine has it.
    private static final String NO_MACHINES_ADDRESS = "192.0.2.1";

    @ParameterizedTest
    @ValueSource(ints = {0, 24_000})
    void aMachineWithoutTheAddressIsNotSaidToHaveTakenPorts(int first) throws Exception {
        var ports = new SuitePorts(first, InetAddress.getByName(NO_MACHINES_ADDRESS));
        assertThatThrownBy(() -> {
                    ports.rest();
                    ports.taken();
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot use the address 192.0.2.1")
                .hasMessageContaining("ip addr add 127.0.0.1/8 dev lo");
    }

    @Test
    void refusesMorePortsThanItsSpan() {
        var ports = new SuitePorts(24_000);
        assertThatThrownBy(() -> {
                    for (int i = 0; i <= SuitePorts.SPAN; i++) {
                        ports.instance("one");
                    }
                })
                .hasMessageContaining("more than 150 ports");
    }
}
