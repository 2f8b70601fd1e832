package dev.guildcast.voiceserver.room;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomPropertiesTest {
    @Test
    void namesThePropertyThatIsWrongAndItsBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoomProperties(0, 1, 1, 1, 1, Duration.ofSeconds(60), 1, 1, 1))
                .withMessage("voice-server.rooms.rooms-max 0 (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoomProperties(1, 1, 1, 1, 1, Duration.ofSeconds(14), 1, 1, 1))
                .withMessageContaining("voice-server.rooms.address-idle PT14S");
    }
}
