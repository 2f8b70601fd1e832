package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class RelayPropertiesTest {
    @Test
    void wantsSharesThatDoNotFlap() {
        assertThatNoException().isThrownBy(() -> new RelayProperties(1, 1, 0.5, 1, 0.4));
        refused(0.5, 1, 0.5);
        refused(0.5, 0.4, 0.3);
        refused(0.5, 1.1, 0.3);
        refused(0.5, 1, 0);
        refused(Double.NaN, 1, 0.4);
    }

    @Test
    void wantsALimitForAllThatIsNotBelowThatOfOneSource() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RelayProperties(0, 1, 0.85, 0.95, 0.7))
                .withMessageContaining("voice-server.relay.unproven-per-source 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new RelayProperties(10, 9, 0.85, 0.95, 0.7));
    }

    private static void refused(double video, double screen, double calm) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RelayProperties(1, 1, video, screen, calm))
                .withMessageContaining("voice-server.relay.calm-share");
    }
}
