package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which host a line asks, and how long it looks for one.
class LineOwnersTest extends LineFixture {
    @Test
    void anUnfinishedResumeIsPutToTheNextOwnerUnderItsAttachId() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        var first = a.sent.getFirst().getAttach();
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        assertThat(b.last().getAttach().getAttachId()).isEqualTo(first.getAttachId());
        assertThat(b.last().getAttach().getSequence()).isEqualTo(6);
    }

    @Test
    void aFinishedLineReattachesWithItsLastSequence() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMapChange();
        var reattach = b.last().getReattach();
        assertThat(reattach.getFinished()).isTrue();
        assertThat(reattach.getSequence()).isEqualTo(5);
        assertThat(reattach.getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
    }

    @Test
    void anIdentifyIsRepeatedUnderItsRequestUntilReadyIsOut() {
        var line = identify();
        line.onHostDown(a);
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.last().getOpen().getOpen().getRequest())
                .isEqualTo(a.sent.getFirst().getOpen().getOpen().getRequest());
        line.onOpened(b, "sid");
        line.onDispatch(b, dispatch("READY"), 1);
        assertThat(heard.events).containsExactly("READY1", "ready");
        world.own("a:1", 3);
        line.onMapChange();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void staysWithAHostWhoseEpochIsHigherThanTheMaps() {
        world.own("a:1", 5);
        var line = attachedResume(5);
        world.own("b:1", 4);
        line.onMapChange();
        assertThat(b.sent).isEmpty();
    }

    @Test
    void asksAgainInAMomentWhenTheHostCannotSay() {
        var line = resume(5);
        for (int i = 2; i < 6; i++) {
            line.onRetry(a);
            int asked = a.sent.size();
            loop.pass(Duration.ofSeconds(2));
            assertThat(a.sent.size()).isGreaterThan(asked);
        }
    }

    @Test
    void looksAtTheMapWhenTheHostSaysThatItIsNotLive() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMoved(a);
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void returnsToTheSameHostWhenItsStreamIsUpAgain() {
        var line = finishedResume(5);
        a.up = false;
        line.onHostDown(a);
        int asked = a.sent.size();
        loop.pass(Duration.ofSeconds(5));
        assertThat(a.sent).hasSize(asked);
        a.up = true;
        line.onHostUp(a);
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void sendsALiveClientElsewhereWhenNoOwnerIsFoundInTime() {
        var line = finishedResume(5);
        world.disown();
        a.up = false;
        line.onHostDown(a);
        loop.pass(TEN.minusSeconds(1));
        assertThat(heard.events).containsExactly("resumed5");
        loop.pass(Duration.ofSeconds(5));
        assertThat(heard.events).containsExactly("resumed5", "ownerMissing");
        loop.pass(Duration.ofMinutes(5));
        assertThat(heard.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void givesAQuestionUpWhenNobodyAnswersInTime() {
        world.disown();
        resume(5);
        loop.pass(TEN.minusMillis(1));
        assertThat(heard.events).isEmpty();
        loop.pass(Duration.ofMillis(2));
        assertThat(heard.events).containsExactly("unanswered");
        assertThat(loop.timers()).isZero();
    }

    @Test
    void wakesWhenAnOwnerAppears() {
        world.disown();
        var line = resume(5);
        loop.pass(Duration.ofSeconds(5));
        world.own("b:1", 1);
        line.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
    }

    @Test
    void anAttachedLineHasNoTimer() {
        finishedResume(5);
        assertThat(loop.timers()).isZero();
    }
}
