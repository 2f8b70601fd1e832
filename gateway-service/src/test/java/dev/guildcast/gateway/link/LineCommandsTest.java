package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Commands reach the session once and in order, however often its owner changes.
class LineCommandsTest extends LineFixture {
    @Test
    void holdsCommandsUntilTheSessionIsLiveAndRepeatsTheUnacknowledged() {
        var line = attachedResume(5);
        assertThat(line.command(presence())).isTrue();
        assertThat(line.command(presence())).isTrue();
        assertThat(a.commands()).isEmpty();
        line.onReplayDone(5);
        assertThat(a.commands()).containsExactly(1L, 2L);
        line.onAck(1);
        line.command(presence());
        assertThat(a.commands()).containsExactly(1L, 2L, 3L);
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.commands()).isEmpty();
        line.onAttached(b);
        assertThat(b.commands()).containsExactly(2L, 3L);
    }

    @Test
    void givesCommandsTheSessionIdThatTheyWereTooEarlyFor() {
        var line = identify();
        line.command(presence());
        line.onOpened(a, "sid");
        line.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getCommand().getSessionId()).isEqualTo("sid");
    }

    @Test
    void refusesMoreCommandsThanItMayHold() {
        var line = attachedResume(5);
        for (int i = 0; i < 4; i++) {
            assertThat(line.command(presence())).isTrue();
        }
        assertThat(line.command(presence())).isFalse();
        line.onReplayDone(5);
        line.onAck(4);
        assertThat(line.command(presence())).isTrue();
    }
}
