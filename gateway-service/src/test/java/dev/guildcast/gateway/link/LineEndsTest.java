package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Whose word ends a line, and whom a line tells that its client has gone.
class LineEndsTest extends LineFixture {
    @Test
    void believesNoRefusalOfAHostThatItHasLeft() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMapChange();
        line.onInvalid(a);
        line.onSuperseded(a);
        line.onRefused(a, 4007);
        assertThat(heard.events).containsExactly("resumed5");
        line.onInvalid(b);
        assertThat(heard.events).containsExactly("resumed5", "invalid");
    }

    @Test
    void believesNoRefusalWhileItSeeks() {
        var line = finishedResume(5);
        line.onMoved(a);
        line.onInvalid(a);
        assertThat(heard.events).containsExactly("resumed5");
    }

    @Test
    void saysNothingAfterTheSessionHasEnded() {
        var line = finishedResume(5);
        line.onSuperseded(a);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(5);
        line.onInvalid(a);
        loop.pass(TEN.multipliedBy(3));
        assertThat(heard.events).containsExactly("resumed5", "superseded");
        assertThat(world.forgotten).containsExactly(1L);
    }

    @Test
    void tellsItsHostThatTheConnectionIsGone() {
        var line = finishedResume(5);
        line.detach(true);
        assertThat(a.last().getDetach().getEnd()).isTrue();
        assertThat(a.last().getDetach().getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
        assertThat(world.forgotten).containsExactly(1L);
    }

    @Test
    void holdsOnUntilSomebodyCanBeToldThatTheSessionEnds() {
        var line = finishedResume(5);
        a.up = false;
        line.onHostDown(a);
        line.detach(true);
        world.own("b:1", 2);
        line.onMapChange();
        line.onAttached(b);
        assertThat(b.last().getDetach().getEnd()).isTrue();
        assertThat(heard.events).containsExactly("resumed5");
    }

    @Test
    void holdsOnToAnIdentifyWhoseClientHasGoneUntilItCanBeDetached() {
        var line = identify();
        line.detach(false);
        line.onOpened(a, "sid");
        line.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getDetach().getSessionId()).isEqualTo("sid");
        assertThat(a.last().getDetach().getEnd()).isFalse();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void holdsOnNoLongerThanItWaitsForAnOwner() {
        world.disown();
        var line = identify();
        line.detach(true);
        loop.pass(TEN);
        assertThat(world.forgotten).containsExactly(1L);
        assertThat(heard.events).isEmpty();
    }
}
