package dev.guildcast.session.attach;

import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.testing.TestLog;
import org.junit.jupiter.api.Test;

/// What a client is sent that resumes, or why it is rejected.
class ResumeTest extends TwoGateways {
    @Test
    void aResumeReplaysThenSendsDoneThenContinuesLive() {
        var id = opened(10, ALICE, 4);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 3);
        assertThat(gateway.stream.take()).isEmpty();
        other.attach(5, id, ALICE, 20, 4).run();
        assertThat(other.stream.take())
                .containsExactly("5:attached", "5:s5 EVENT", "5:s6 EVENT", "5:s7 EVENT", "5:s8 EVENT", "5:done");
        host.deliver(host.session(10), 1);
        assertThat(other.stream.take()).containsExactly("5:s9 EVENT");
        assertThat(host.session(10).attachId()).isEqualTo(20);
    }

    @Test
    void aResumeThatMissedNothingIsDoneAtOnce() {
        var id = opened(10, ALICE, 0);
        other.attach(5, id, ALICE, 20, 1).run();
        assertThat(other.stream.take()).containsExactly("5:attached", "5:done");
        assertThat(gateway.stream.take()).containsExactly("1:superseded");
    }

    @Test
    void anotherUsersOrAnUnknownSessionIsInvalid() {
        var id = opened(10, ALICE, 0);
        other.attach(1, id, BOB, 20, 1)
                .attach(2, new SessionId(0, id.offset(), id.secret() + 1), ALICE, 21, 1)
                .attach(3, new SessionId(0, 4_000, 1), ALICE, 22, 1)
                .run();
        assertThat(other.stream.take()).containsExactly("1:invalid", "2:invalid", "3:invalid");
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        assertThat(gateway.stream.take()).isEmpty();
    }

    @Test
    void aResumeInAnotherVersionOrEncodingIsInvalidAndChangesNothing() {
        var id = opened(10, ALICE, 0);
        other.attach(1, id, ALICE, 20, 1, 9, "json")
                .attach(2, id, ALICE, 21, 1, 10, "etf")
                .run();
        assertThat(other.stream.take()).containsExactly("1:invalid", "2:invalid");
        assertThat(gateway.stream.take()).isEmpty();
        assertThat(host.session(10).attachId()).isEqualTo(10);
        other.attach(3, id, ALICE, 22, 1, 10, "json").run();
        assertThat(other.stream.take()).containsExactly("3:attached", "3:done");
    }

    @Test
    void aRejectionWaitsUntilTheLogEndIsApplied() {
        var id = opened(10, ALICE, 0);
        var unknown = new SessionId(0, host.log.end() + 1, 99);
        // Not applied yet when the request arrives: the session appears before the reply.
        other.attach(2, unknown, BOB, 22, 1);
        host.shard.runAction();
        assertThat(other.stream.take()).isEmpty();
        host.log.append(attached(OWNER, id.offset(), 10));
        host.log.append(SessionRecord.newBuilder()
                .setOpen(open(OWNER, 44, BOB).setRandom(99))
                .build());
        host.shard.run();
        assertThat(other.stream.take()).containsExactly("2:invalid");
        // Again, with the session in the log before the request.
        host.log.append(SessionRecord.newBuilder()
                .setOpen(open(OWNER, 45, BOB).setRandom(98))
                .build());
        other.attach(3, new SessionId(0, host.log.end() - 1, 98), BOB, 23, 1).run();
        assertThat(other.stream.take()).containsExactly("3:attached", "3:done");
    }

    @Test
    void aSequenceFromTheFutureEndsASessionThatNobodyHolds() {
        var id = opened(10, ALICE, 0);
        gateway.detach(1, id, 10, false).run();
        other.attach(2, id, ALICE, 20, 999).run();
        assertThat(other.stream.take()).containsExactly("2:refused 4007");
        other.attach(3, id, ALICE, 21, 1).run();
        assertThat(other.stream.take()).containsExactly("3:invalid");
        assertThat(lastClose().getReason()).isEqualTo(Close.Reason.INVALID_SEQUENCE);
    }

    @Test
    void aSequenceFromTheFutureDoesNotHarmTheConnectionThatHoldsTheSession() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 999).run();
        assertThat(other.stream.take()).containsExactly("2:refused 4007");
        host.deliver(host.session(10), 1);
        assertThat(gateway.stream.take()).containsExactly("1:s2 EVENT");
    }

    @Test
    void aConnectionOlderThanTheRingEndsItsSessionOnlyIfItHasIt() {
        var small = new FrontendHarness(new TestLog(), OWNER, 16);
        small.claim();
        var first = small.gateway();
        first.open(1, 10, ALICE);
        var id = small.session(10).id();
        var second = small.gateway();
        second.attach(2, id, ALICE, 20, 1).run();
        small.deliver(small.session(10), 30);
        first.stream.take();
        first.attach(1, id, ALICE, 30, 1).run();
        assertThat(first.stream.take()).containsExactly("1:invalid");
        assertThat(small.machine.sessions().size()).isEqualTo(1);
        second.reattach(2, id, ALICE, 20, 1, true).run();
        assertThat(second.stream.take()).endsWith("2:invalid");
        assertThat(small.machine.sessions().size()).isZero();
    }

    @Test
    void anUnfinishedConnectionReattachesWithItsAttachId() {
        var id = opened(10, ALICE, 2);
        other.attach(2, id, ALICE, 20, 1).run();
        other.stream.take();
        var third = host.gateway();
        third.reattach(2, id, ALICE, 20, 2, false).run();
        assertThat(third.stream.take()).containsExactly("2:attached", "2:s3 EVENT", "2:done");
        assertThat(other.stream.take()).isEmpty();
    }
}
