package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import org.junit.jupiter.api.Test;

/// A client gets each dispatch once and in order, whatever its hosts send.
class LineSequencesTest extends LineFixture {
    @Test
    void forwardsEachSequenceOnceWhoeverSendsIt() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(b, dispatch("Y"), 7);
        line.onDispatch(a, dispatch("Y"), 7);
        line.onDispatch(a, dispatch("Z"), 8);
        assertThat(heard.events).containsExactly("X6", "Y7", "Z8");
    }

    @Test
    void asksAgainFromWhatItHasWhenSomethingIsMissing() {
        var line = finishedResume(5);
        line.onDispatch(a, dispatch("X"), 7);
        assertThat(heard.events).containsExactly("resumed5");
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        // What was on its way is still ahead: no second question.
        int asked = a.sent.size();
        line.onDispatch(a, dispatch("X"), 8);
        assertThat(a.sent).hasSize(asked);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        assertThat(heard.events).containsExactly("resumed5", "X6");
    }

    @Test
    void ignoresGapsOfAHostItIsNotAt() {
        var line = finishedResume(5);
        int asked = a.sent.size();
        line.onDispatch(b, dispatch("X"), 9);
        assertThat(a.sent).hasSize(asked);
        assertThat(b.sent).isEmpty();
    }

    @Test
    void saysResumedOnceWhateverComesTwice() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        line.onReplayDone(6);
        world.own("b:1", 2);
        line.onMapChange();
        line.onAttached(b);
        line.onReplayDone(6);
        assertThat(heard.events).containsExactly("X6", "resumed6");
    }

    @Test
    void doesNotSayResumedWhileItLacksADispatchOfTheReplay() {
        var line = attachedResume(5);
        line.park();
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        assertThat(heard.events).isEmpty();
        line.unpark();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        assertThat(heard.events).containsExactly("X6", "resumed6");
    }

    @Test
    void forgetsWhatComesWhileParkedAndGoesOnFromItsLast() {
        var line = finishedResume(5);
        line.park();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.PARK);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(a, dispatch("X"), 7);
        assertThat(heard.events).containsExactly("resumed5");
        line.unpark();
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        line.onDispatch(a, dispatch("X"), 8);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        assertThat(heard.events).containsExactly("resumed5", "X6");
    }
}
