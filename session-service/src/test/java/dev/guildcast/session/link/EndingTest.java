package dev.guildcast.session.link;

import static dev.guildcast.session.link.LinkHarness.TIMEOUT;
import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.delivery.v1.Close;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a session ends: by its client, or by time when nobody holds it.
class EndingTest extends TwoGateways {
    @Test
    void theClientsOwnCloseEndsTheSession() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, true).run();
        assertThat(host.machine.sessions().size()).isZero();
        assertThat(lastClose().getReason()).isEqualTo(Close.Reason.CLIENT);
    }

    @Test
    void theClientsOwnCloseEndsTheSessionAlsoInTheMidstOfAResume() {
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
    void whileItsCloseIsOnItsWayASessionAnswersRetry() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, true);
        other.attach(2, id, ALICE, 20, 1);
        host.shard.act();
        host.shard.act();
        assertThat(other.stream.take()).containsExactly("2:retry");
        host.shard.run();
        other.attach(2, id, ALICE, 20, 1).run();
        assertThat(other.stream.take()).containsExactly("2:invalid");
    }

    @Test
    void aSessionWithoutAConnectionExpires() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.pass(TIMEOUT.minusSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        host.pass(Duration.ofSeconds(2));
        assertThat(host.machine.sessions().size()).isZero();
        assertThat(lastClose().getReason()).isEqualTo(Close.Reason.EXPIRED);
    }

    @Test
    void aSessionWithAConnectionNeverExpiresEvenParked() {
        opened(10, ALICE, 0);
        gateway.park(1, 10).run();
        host.pass(TIMEOUT.multipliedBy(3));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        gateway.close();
        gateway.run();
        host.pass(TIMEOUT.plusSeconds(1));
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void becomingLiveAgainStartsAllTimersAfresh() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.pass(TIMEOUT.minusSeconds(1));
        host.shard.cut(true);
        host.pass(Duration.ofSeconds(30));
        host.shard.cut(false);
        host.pass(TIMEOUT.minusSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        host.pass(Duration.ofSeconds(2));
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void aProcessThatWasStoppedExpiresNobodyWhenItWakes() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        host.nanos += TIMEOUT.multipliedBy(10).toNanos();
        host.pass(Duration.ofSeconds(1));
        assertThat(host.machine.sessions().size()).isEqualTo(1);
    }

    @Test
    void anExpiryThatAnAttachPrecedesIsVoid() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        var next = new LinkHarness(host.log, 78, 16_384);
        host.log.append(attached(OWNER, id.offset(), 20));
        host.log.append(close(OWNER, id.offset(), id.offset()));
        next.claim();
        assertThat(next.machine.sessions().size()).isEqualTo(1);
    }

    @Test
    void anAttachedSessionThatExpiresIsSaidToBeClosed() {
        var id = opened(10, ALICE, 0);
        host.log.append(close(OWNER, id.offset(), id.offset()));
        host.shard.run();
        assertThat(gateway.stream.take()).containsExactly("1:closed");
    }
}
