package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import org.junit.jupiter.api.Test;

/// A client receives each dispatch once and in order, whatever hosts send.
class RemoteSessionSequencesTest extends RemoteSessionFixture {
    @Test
    void forwardsEachSequenceOnceFromAnyHost() {
        var session = attachedResume(5);
        session.onDispatch(a, dispatch("X"), 6);
        session.onDispatch(a, dispatch("X"), 6);
        session.onDispatch(b, dispatch("Y"), 7);
        session.onDispatch(a, dispatch("Y"), 7);
        session.onDispatch(a, dispatch("Z"), 8);
        assertThat(listener.events).containsExactly("X6", "Y7", "Z8");
    }

    @Test
    void reattachesFromItsLastSequenceAfterAGap() {
        var session = establishedResume(5);
        session.onDispatch(a, dispatch("X"), 7);
        assertThat(listener.events).containsExactly("resumed5");
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        // Dispatches that were in flight are ahead as well, but cause no second request.
        int requestsBefore = a.sent.size();
        session.onDispatch(a, dispatch("X"), 8);
        assertThat(a.sent).hasSize(requestsBefore);
        session.onAttached(a);
        session.onDispatch(a, dispatch("X"), 6);
        assertThat(listener.events).containsExactly("resumed5", "X6");
    }

    @Test
    void ignoresGapsOfOtherHosts() {
        var session = establishedResume(5);
        int requestsBefore = a.sent.size();
        session.onDispatch(b, dispatch("X"), 9);
        assertThat(a.sent).hasSize(requestsBefore);
        assertThat(b.sent).isEmpty();
    }

    @Test
    void notifiesResumedOnce() {
        var session = attachedResume(5);
        session.onDispatch(a, dispatch("X"), 6);
        session.onReplayDone(6);
        session.onReplayDone(6);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        session.onAttached(b);
        session.onReplayDone(6);
        assertThat(listener.events).containsExactly("X6", "resumed6");
    }

    @Test
    void doesNotNotifyResumedWhileADispatchOfTheReplayIsMissing() {
        var session = attachedResume(5);
        session.park();
        session.onDispatch(a, dispatch("X"), 6);
        session.onReplayDone(6);
        assertThat(listener.events).isEmpty();
        session.unpark();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        session.onAttached(a);
        session.onDispatch(a, dispatch("X"), 6);
        session.onReplayDone(6);
        assertThat(listener.events).containsExactly("X6", "resumed6");
    }

    @Test
    void dropsDispatchesWhileParkedAndContinuesFromItsLastSequence() {
        var session = establishedResume(5);
        session.park();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.PARK);
        session.onDispatch(a, dispatch("X"), 6);
        session.onDispatch(a, dispatch("X"), 7);
        assertThat(listener.events).containsExactly("resumed5");
        session.unpark();
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        session.onDispatch(a, dispatch("X"), 8);
        session.onAttached(a);
        session.onDispatch(a, dispatch("X"), 6);
        assertThat(listener.events).containsExactly("resumed5", "X6");
    }
}
