package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Commands reach the session once and in order across changes of owner.
class RemoteSessionCommandsTest extends RemoteSessionFixture {
    @Test
    void holdsCommandsUntilTheSessionIsLiveAndResendsTheUnacknowledged() {
        var session = attachedResume(5);
        assertThat(session.sendCommand(presence())).isTrue();
        assertThat(session.sendCommand(presence())).isTrue();
        assertThat(a.commandNumbers()).isEmpty();
        session.onReplayDone(5);
        assertThat(a.commandNumbers()).containsExactly(1L, 2L);
        session.onCommandAck(1);
        session.sendCommand(presence());
        assertThat(a.commandNumbers()).containsExactly(1L, 2L, 3L);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        assertThat(b.commandNumbers()).isEmpty();
        session.onAttached(b);
        assertThat(b.commandNumbers()).containsExactly(2L, 3L);
    }

    @Test
    void addsTheSessionIdToCommandsOlderThanTheSession() {
        var session = identify();
        session.sendCommand(presence());
        session.onOpened(a, "sid");
        session.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getCommand().getSessionId()).isEqualTo("sid");
    }

    @Test
    void rejectsCommandsAboveTheLimit() {
        var session = attachedResume(5);
        for (int i = 0; i < 4; i++) {
            assertThat(session.sendCommand(presence())).isTrue();
        }
        assertThat(session.sendCommand(presence())).isFalse();
        session.onReplayDone(5);
        session.onCommandAck(4);
        assertThat(session.sendCommand(presence())).isTrue();
    }
}
