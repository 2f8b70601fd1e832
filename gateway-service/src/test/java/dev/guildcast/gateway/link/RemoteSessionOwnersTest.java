package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// To which host a session attaches, and how long it waits for an owner.
class RemoteSessionOwnersTest extends RemoteSessionFixture {
    @Test
    void repeatsAnUnfinishedResumeAtTheNextOwnerWithItsAttachId() {
        var session = attachedResume(5);
        session.onDispatch(a, dispatch("X"), 6);
        var first = a.sent.getFirst().getAttach();
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        assertThat(b.last().getAttach().getAttachId()).isEqualTo(first.getAttachId());
        assertThat(b.last().getAttach().getSequence()).isEqualTo(6);
    }

    @Test
    void reattachesAnEstablishedSessionWithItsLastSequence() {
        var session = establishedResume(5);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        var reattach = b.last().getReattach();
        assertThat(reattach.getFinished()).isTrue();
        assertThat(reattach.getSequence()).isEqualTo(5);
        assertThat(reattach.getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
    }

    @Test
    void repeatsAnIdentifyWithItsRequestIdUntilReadyIsSent() {
        var session = identify();
        session.onHostDown(a);
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        assertThat(b.last().getOpen().getOpen().getRequest())
                .isEqualTo(a.sent.getFirst().getOpen().getOpen().getRequest());
        session.onOpened(b, "sid");
        session.onDispatch(b, dispatch("READY"), 1);
        assertThat(listener.events).containsExactly("READY1", "ready");
        hosts.setOwner("a:1", 3);
        session.onMapChange();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void staysWithAHostWhoseEpochIsHigherThanTheMaps() {
        hosts.setOwner("a:1", 5);
        var session = attachedResume(5);
        hosts.setOwner("b:1", 4);
        session.onMapChange();
        assertThat(b.sent).isEmpty();
    }

    @Test
    void retriesAfterADelayWhenTheHostCannotAnswer() {
        var session = resume(5);
        for (int i = 2; i < 6; i++) {
            session.onRetry(a);
            int requestsBefore = a.sent.size();
            loop.advance(Duration.ofSeconds(2));
            assertThat(a.sent.size()).isGreaterThan(requestsBefore);
        }
    }

    @Test
    void attachesToTheOwnerOfTheMapWhenTheHostHasMovedTheShard() {
        var session = establishedResume(5);
        hosts.setOwner("b:1", 2);
        session.onMoved(a);
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void returnsToTheSameHostWhenItsStreamIsUpAgain() {
        var session = establishedResume(5);
        a.up = false;
        session.onHostDown(a);
        int requestsBefore = a.sent.size();
        loop.advance(Duration.ofSeconds(5));
        assertThat(a.sent).hasSize(requestsBefore);
        a.up = true;
        session.onHostUp(a);
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void notifiesOwnerMissingWhenNoOwnerIsFoundInTime() {
        var session = establishedResume(5);
        hosts.clearOwner();
        a.up = false;
        session.onHostDown(a);
        loop.advance(TEN.minusSeconds(1));
        assertThat(listener.events).containsExactly("resumed5");
        loop.advance(Duration.ofSeconds(5));
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
        loop.advance(Duration.ofMinutes(5));
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void notifiesUnansweredWhenNoHostAnswersInTime() {
        hosts.clearOwner();
        resume(5);
        loop.advance(TEN.minusMillis(1));
        assertThat(listener.events).isEmpty();
        loop.advance(Duration.ofMillis(2));
        assertThat(listener.events).containsExactly("unanswered");
        assertThat(loop.timerCount()).isZero();
    }

    @Test
    void attachesWhenAnOwnerAppears() {
        hosts.clearOwner();
        var session = resume(5);
        loop.advance(Duration.ofSeconds(5));
        hosts.setOwner("b:1", 1);
        session.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
    }

    @Test
    void anAttachedSessionHasNoTimer() {
        establishedResume(5);
        assertThat(loop.timerCount()).isZero();
    }
}
