package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A live session whose host does not answer: it attaches again, or its client is asked to reconnect in time.
class RemoteSessionUnreachableTest extends RemoteSessionFixture {
    private static final Duration UNREACHABLE_MAX = Duration.ofSeconds(4);

    @Test
    void aClientIsAskedToReconnectWhenItsOwnerStaysSilent() {
        var session = establishedResume(5);
        fallSilent(session);
        loop.advance(UNREACHABLE_MAX.dividedBy(2).minusMillis(1));
        assertThat(listener.events).containsExactly("resumed5");
        loop.advance(UNREACHABLE_MAX.dividedBy(2).plusMillis(1));
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void attemptsThatFailInSilenceDoNotExtendTheDeadline() {
        var session = establishedResume(5);
        fallSilent(session);
        for (int i = 0; i < 4; i++) {
            loop.advance(Duration.ofSeconds(1));
            session.onHostDown(a);
        }
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void aSessionThatAttachesAgainInTimeContinuesUnnoticed() {
        var session = establishedResume(5);
        fallSilent(session);
        loop.advance(Duration.ofMillis(1_500));
        a.up = true;
        a.silent = false;
        session.onHostUp(a);
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        session.onAttached(a);
        session.onDispatch(a, dispatch("A"), 6);
        loop.advance(Duration.ofMinutes(1));
        assertThat(listener.events).containsExactly("resumed5", "A6");
        assertThat(meters.get("guildcast.gateway.link.reattach").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(1_500);
    }

    @Test
    void aNewOwnerInTheMapEndsTheWaitForTheSilentOne() {
        var session = establishedResume(5);
        fallSilent(session);
        loop.advance(Duration.ofMillis(1_900));
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
        // It restores the shard: it answers that it is not ready.
        for (int i = 0; i < 7; i++) {
            session.onMoved(b);
            loop.advance(Duration.ofSeconds(1));
        }
        session.onAttached(b);
        assertThat(listener.events).containsExactly("resumed5");
    }

    @Test
    void aNewOwnerThatIsSilentItselfHasTheSameTime() {
        var session = establishedResume(5);
        fallSilent(session);
        b.up = false;
        b.silent = true;
        loop.advance(Duration.ofMillis(1_900));
        hosts.setOwner("b:1", 2);
        session.onMapChange();
        loop.advance(Duration.ofMillis(1_900));
        assertThat(listener.events).containsExactly("resumed5");
        loop.advance(Duration.ofMillis(2_200));
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void aHostWhoseProcessHasEndedIsWaitedForAsLongAsForAnOwner() {
        var session = establishedResume(5);
        a.up = false;
        session.onHostDown(a);
        loop.advance(Duration.ofMillis(9_999));
        assertThat(listener.events).containsExactly("resumed5");
        loop.advance(Duration.ofMillis(3_001));
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void aSilentHostThatThenRefusesConnectionsIsNoLongerUnreachable() {
        var session = establishedResume(5);
        fallSilent(session);
        a.silent = false;
        session.onHostDown(a);
        loop.advance(Duration.ofMillis(9_999));
        assertThat(listener.events).containsExactly("resumed5");
    }

    @Test
    void aSessionWhoseShardsLoopHangsIsAskedToReconnectThoughTheStreamIsUp() {
        var session = establishedResume(5);
        session.onShardSilent(a);
        assertThat(a.last().getMessageCase()).as("waits for the loop").isEqualTo(MessageCase.REATTACH);
        loop.advance(UNREACHABLE_MAX);
        assertThat(listener.events).containsExactly("resumed5", "ownerMissing");
        session.detach(false);
        assertThat(a.last().getMessageCase())
                .as("the loop may still hold the connection")
                .isEqualTo(MessageCase.DETACH);
    }

    @Test
    void aLoopThatContinuesInTimeAttachesTheSessionAgain() {
        var session = establishedResume(5);
        session.onShardSilent(a);
        loop.advance(Duration.ofMillis(1_000));
        session.onAttached(a);
        loop.advance(Duration.ofMinutes(1));
        assertThat(listener.events).containsExactly("resumed5");
    }

    @Test
    void aResumeThatIsNotAnsweredWaitsForAnOwnerAsBefore() {
        var session = resume(5);
        fallSilent(session);
        loop.advance(Duration.ofMillis(9_999));
        assertThat(listener.events).isEmpty();
        loop.advance(Duration.ofMillis(1));
        assertThat(listener.events).containsExactly("unanswered");
    }

    @Test
    void aConnectionThatEndsWhileARetryIsScheduledIsDetachedFromTheHostThatMayHoldIt() {
        var session = establishedResume(5);
        session.onRetry(a);
        session.detach(false);
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.DETACH);
    }

    @Test
    void nothingIsSentForAConnectionThatTheHostHasReleased() {
        var session = establishedResume(5);
        session.onParked(a);
        int before = a.sent.size();
        session.detach(false);
        assertThat(a.sent).hasSize(before);
    }

    private void fallSilent(RemoteSession session) {
        a.up = false;
        a.silent = true;
        session.onHostDown(a);
    }
}
