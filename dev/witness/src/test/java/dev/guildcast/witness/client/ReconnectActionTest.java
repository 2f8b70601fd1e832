package dev.guildcast.witness.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectActionTest {
    @ParameterizedTest
    @ValueSource(ints = {1001, 1006, 4000, 4001, 4002, 4003, 4005, 4008, 4999})
    void mostClosesAreFollowedByAResume(int code) {
        assertThat(ReconnectAction.of(code)).isEqualTo(ReconnectAction.RESUME);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 4007, 4009})
    void someEndTheSession(int code) {
        assertThat(ReconnectAction.of(code)).isEqualTo(ReconnectAction.IDENTIFY);
    }

    @ParameterizedTest
    @ValueSource(ints = {4004, 4010, 4011, 4012, 4013, 4014})
    void someAreFinal(int code) {
        assertThat(ReconnectAction.of(code)).isEqualTo(ReconnectAction.STOP);
    }
}
