package dev.guildcast.session.attach;

import static dev.guildcast.session.attach.FrontendHarness.TIMEOUT;
import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.delivery.v1.Close;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a session ends: by its client, or by its timeout when no connection holds it.
class SessionEndTest extends TwoGateways {
    @Test
    void aCloseByTheClientEndsTheSession() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, true).run();
        assertThat(host.machine.sessions().size()).isZero();
        assertThat(lastClose().getReason()).isEqualTo(Close.Reason.CLIENT);
    }

    @Test
    void aCloseByTheClientDuringAResumeEndsTheSession() {
        var id = opened(10, ALICE, 3);
        other.attach(2, id, ALICE, 20, 1).detach(2, id, 20, true).run();
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void aConnectionThatHasLostItsSessionCannotEndIt() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 1).run();
        gateway.detach(1, id, 10, true).run();
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        host.deliver(host.session(10), 1);
        assertThat(other.stream.take()).endsWith("2:s2 EVENT");
    }

    @Test
    void anAttachIsAnsweredByRetryWhileACloseIsInFlight() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, true);
        other.attach(2, id, ALICE, 20, 1);
        host.shard.runAction();
        host.shard.runAction();
        assertThat(other.stream.take()).containsExactly("2:retry");
        host.shard.run();
        other.attach(2, id, ALICE, 20, 1).run();
        assertThat(other.stream.take()).containsExactly("2:invalid");
    }

    @Test
    void aSessionWithoutAConnectionExpires() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.advance(TIMEOUT.minusSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        host.advance(Duration.ofSeconds(2));
        assertThat(host.machine.sessions().size()).isZero();
        assertThat(lastClose().getReason()).isEqualTo(Close.Reason.EXPIRED);
    }

    @Test
    void aSessionWithAConnectionNeverExpiresEvenParked() {
        opened(10, ALICE, 0);
        gateway.park(1, 10).run();
        host.advance(TIMEOUT.multipliedBy(3));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        gateway.close();
        gateway.run();
        host.advance(TIMEOUT.plusSeconds(1));
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void becomingLiveAgainRestartsAllTimers() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.advance(TIMEOUT.minusSeconds(1));
        host.shard.setDisconnected(true);
        host.advance(Duration.ofSeconds(30));
        host.shard.setDisconnected(false);
        host.advance(TIMEOUT.minusSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        host.advance(Duration.ofSeconds(2));
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void aPausedProcessExpiresNoSessionWhenItContinues() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.nanos += TIMEOUT.multipliedBy(10).toNanos();
        host.advance(Duration.ofSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
    }

    @Test
    void anExpiryAfterALaterAttachIsVoid() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        var next = new FrontendHarness(host.log, 78, 16_384);
        host.log.append(attached(OWNER, id.offset(), 20));
        host.log.append(close(OWNER, id.offset(), id.offset()));
        next.claim();
        assertThat(next.machine.sessions().size()).isEqualTo(1);
    }

    @Test
    void anAttachedSessionThatExpiresIsReportedClosed() {
        var id = opened(10, ALICE, 0);
        host.log.append(close(OWNER, id.offset(), id.offset()));
        host.shard.run();
        assertThat(gateway.stream.take()).containsExactly("1:closed");
    }
}
