package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Which hosts can end a session, and which host is sent the detach when the client has disconnected.
class RemoteSessionEndTest extends RemoteSessionFixture {
    @Test
    void ignoresRejectionsOfAFormerHost() {
        var session = establishedResume(5);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        session.onInvalid(a);
        session.onSuperseded(a);
        session.onRefused(a, 4007);
        assertThat(listener.events).containsExactly("resumed5");
        session.onInvalid(b);
        assertThat(listener.events).containsExactly("resumed5", "invalid");
    }

    @Test
    void ignoresRejectionsWhileResolvingTheOwner() {
        var session = establishedResume(5);
        session.onMoved(a);
        session.onInvalid(a);
        assertThat(listener.events).containsExactly("resumed5");
    }

    @Test
    void notifiesNothingAfterTheSessionHasEnded() {
        var session = establishedResume(5);
        session.onSuperseded(a);
        session.onDispatch(a, dispatch("X"), 6);
        session.onReplayDone(5);
        session.onInvalid(a);
        loop.advance(TEN.multipliedBy(3));
        assertThat(listener.events).containsExactly("resumed5", "superseded");
        assertThat(hosts.removed).containsExactly(1L);
    }

    @Test
    void detachesAtItsHostWhenTheConnectionCloses() {
        var session = establishedResume(5);
        session.detach(true);
        assertThat(a.last().getDetach().getEnd()).isTrue();
        assertThat(a.last().getDetach().getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
        assertThat(hosts.removed).containsExactly(1L);
    }

    @Test
    void waitsForAnOwnerToDetachASessionThatEnds() {
        var session = establishedResume(5);
        a.up = false;
        session.onHostDown(a);
        session.detach(true);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        session.onAttached(b);
        assertThat(b.last().getDetach().getEnd()).isTrue();
        assertThat(listener.events).containsExactly("resumed5");
    }

    @Test
    void waitsToDetachAnIdentifyWhoseClientHasDisconnected() {
        var session = identify();
        session.detach(false);
        session.onOpened(a, "sid");
        session.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getDetach().getSessionId()).isEqualTo("sid");
        assertThat(a.last().getDetach().getEnd()).isFalse();
        assertThat(listener.events).isEmpty();
    }

    @Test
    void waitsToDetachNoLongerThanTheOwnerDeadline() {
        hosts.clearOwner();
        var session = identify();
        session.detach(true);
        loop.advance(TEN);
        assertThat(hosts.removed).containsExactly(1L);
        assertThat(listener.events).isEmpty();
    }
}
