package dev.guildcast.session.link;

import static dev.guildcast.session.link.LinkHarness.TIMEOUT;
import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.close;
import static dev.guildcast.session.testing.TestRecords.deliver;
import static dev.guildcast.session.testing.TestRecords.joined;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static dev.guildcast.session.testing.TestRecords.sharded;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.session.testing.TestLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachingTest {
    private static final long OWNER = 77;
    private static final long ALICE = 1001;
    private static final long BOB = 1002;

    private final LinkHarness host = LinkHarness.live();
    private final LinkHarness.Gateway gateway = host.gateway();
    private final LinkHarness.Gateway other = host.gateway();

    @Test
    void identifyIsAnsweredByOpenedAndReady() {
        gateway.open(1, 10, ALICE);
        assertThat(gateway.stream.take()).containsExactly("1:opened", "1:s1 READY");
        assertThat(host.session(10).id().secret()).isNotZero();
    }

    @Test
    void aRepeatedIdentifyReturnsTheSameSessionFromWhereItIs() {
        gateway.open(1, 10, ALICE);
        host.deliver(host.session(10), 2);
        gateway.stream.take();
        other.open(7, open(0, 10, ALICE), 2).run();
        assertThat(other.stream.take()).containsExactly("7:opened", "7:s3 EVENT");
        assertThat(host.machine.sessions().size()).isEqualTo(1);
    }

    @Test
    void anIdentifyRepeatedBeforeItsOpenWasAppliedMakesOneSession() {
        gateway.open(1, open(0, 10, ALICE), 0).open(1, open(0, 10, ALICE), 0).run();
        assertThat(host.machine.sessions().size()).isEqualTo(1);
        assertThat(gateway.stream.take()).containsExactly("1:opened", "1:s1 READY");
    }

    @Test
    void anIdentifyIsAnsweredAlthoughAFormerOwnersOpenOfItIsVoid() {
        var next = new LinkHarness(host.log, 78, 16_384);
        next.claim();
        host.log.append(of(open(OWNER, 10, ALICE)));
        var gatewayOfNext = next.gateway();
        gatewayOfNext.open(1, 10, ALICE);
        assertThat(gatewayOfNext.stream.take()).containsExactly("1:opened", "1:s1 READY");
    }

    @Test
    void anIdentifyThatMakesNoSenseIsRefused() {
        gateway.open(1, open(0, 10, ALICE).setUser(ByteString.EMPTY), 0)
                .open(2, open(0, 11, ALICE).setShardId(3).setShardCount(2), 0)
                .run();
        assertThat(gateway.stream.take()).containsExactly("1:refused 4000", "2:refused 4000");
        assertThat(host.machine.sessions().size()).isZero();
    }

    @Test
    void anotherUsersRequestIsRefused() {
        gateway.open(1, 10, ALICE);
        gateway.stream.take();
        other.open(2, 10, BOB);
        assertThat(other.stream.take()).containsExactly("2:refused 4000");
    }

    @Test
    void aBotWithTooManyGuildsForItsClientShardMustShard() {
        for (long g = 1; g <= 2501; g++) {
            host.log.append(joined((g * 2) << 22, ALICE));
        }
        host.shard.run();
        gateway.open(1, 10, ALICE);
        gateway.open(2, sharded(open(0, 11, ALICE), new ClientShard(1, 2)), 0).run();
        gateway.open(3, open(0, 12, ALICE).setBot(false), 0).run();
        assertThat(gateway.stream.take())
                .containsExactly("1:refused 4011", "2:opened", "2:s1 READY", "3:opened", "3:s1 READY");
    }

    @Test
    void liveDispatchesShareTheirPayload() {
        gateway.open(1, 10, ALICE);
        gateway.open(2, 11, BOB);
        gateway.stream.take();
        host.log.append(deliver(
                1L << 22,
                "EVENT",
                "{}",
                host.session(10).offset(),
                host.session(11).offset()));
        host.shard.run();
        var batch = gateway.stream.sent.getFirst().getBatch();
        assertThat(batch.getDispatchesCount()).isEqualTo(1);
        assertThat(batch.getDispatches(0).getHandlesList()).containsExactly(1L, 2L);
        assertThat(batch.getDispatches(0).getAppendedAt()).isEqualTo(host.log.nowMillis());
        assertThat(batch.getCharge()).isPositive();
    }

    @Test
    void aResumeReplaysThenSaysDoneThenGoesOnLive() {
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
    void whatTheClientMayNotHaveIsUnknown() {
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
    void aNoWaitsUntilTheLogsEndHasBeenApplied() {
        var id = opened(10, ALICE, 0);
        var unknown = new SessionId(0, host.log.end() + 1, 99);
        // Not applied yet when the question comes: the session appears before the answer.
        other.attach(2, unknown, BOB, 22, 1);
        host.shard.act();
        assertThat(other.stream.take()).isEmpty();
        host.log.append(attached(OWNER, id.offset(), 10));
        host.log.append(SessionRecord.newBuilder()
                .setOpen(open(OWNER, 44, BOB).setRandom(99))
                .build());
        host.shard.run();
        assertThat(other.stream.take()).containsExactly("2:invalid");
        // Again, with the session in the log before the question.
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
    void afterAChangeOfOwnerNobodyIsKnownToBeAlone() {
        var id = opened(10, ALICE, 0);
        var next = new LinkHarness(host.log, 78, 16_384);
        next.claim();
        host.shard.run();
        var gatewayOfNext = next.gateway();
        gatewayOfNext.attach(2, id, ALICE, 20, 999).run();
        assertThat(gatewayOfNext.stream.take()).containsExactly("2:refused 4007");
        gatewayOfNext.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gatewayOfNext.stream.take()).containsExactly("1:attached");
    }

    @Test
    void aConnectionOlderThanTheRingEndsItsSessionOnlyIfItHasIt() {
        var small = new LinkHarness(new TestLog(), OWNER, 16);
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
    void theLastAttachWins() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 1).attach(3, id, ALICE, 30, 1).run();
        assertThat(gateway.stream.take()).containsExactly("1:superseded");
        assertThat(other.stream.take()).containsExactly("2:attached", "2:superseded", "3:attached", "3:done");
        assertThat(host.session(10).attachId()).isEqualTo(30);
        other.reattach(2, id, ALICE, 20, 1, true).run();
        assertThat(other.stream.take()).containsExactly("2:superseded");
    }

    @Test
    void aFinishedConnectionAsksAgainWhileAnotherAttachIsOnItsWay() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 1);
        gateway.reattach(1, id, ALICE, 10, 1, true);
        host.shard.act();
        host.shard.act();
        assertThat(gateway.stream.take()).containsExactly("1:superseded", "1:retry");
        host.shard.run();
        gateway.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gateway.stream.take()).containsExactly("1:superseded");
    }

    @Test
    void anUnfinishedConnectionComesBackWithItsAttach() {
        var id = opened(10, ALICE, 2);
        other.attach(2, id, ALICE, 20, 1).run();
        other.stream.take();
        var third = host.gateway();
        third.reattach(2, id, ALICE, 20, 2, false).run();
        assertThat(third.stream.take()).containsExactly("2:attached", "2:s3 EVENT", "2:done");
        assertThat(other.stream.take()).isEmpty();
    }

    @Test
    void aHostThatIsNotLiveDecidesNothing() {
        var id = opened(10, ALICE, 0);
        host.shard.cut(true);
        assertThat(gateway.stream.take()).containsExactly("moved");
        other.attach(2, id, ALICE, 20, 1).open(3, open(0, 11, BOB), 0).run();
        assertThat(other.stream.take()).containsExactly("moved [2]", "moved [3]");
        host.shard.cut(false);
        gateway.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gateway.stream.take()).containsExactly("1:attached");
    }

    @Test
    void whoeverWasTakenWhileItsLivenessWentUnnoticedIsSentAwayAtTheNextTick() {
        gateway.open(1, 10, 100);
        gateway.stream.take();
        host.shard.cutUnnoticed();
        host.pass(Duration.ofMillis(100));
        assertThat(gateway.stream.take()).containsExactly("moved");
        host.pass(Duration.ofMillis(200));
        assertThat(gateway.stream.take()).as("once is enough").isEmpty();
    }

    @Test
    void aQuestionLeftOpenIsAnsweredByMovedWhenTheShardGoes() {
        other.attach(2, new SessionId(0, 4_000, 1), ALICE, 20, 1).open(3, open(0, 11, BOB), 0);
        host.shard.act();
        host.shard.act();
        host.shard.stop();
        assertThat(other.stream.take()).containsExactly("moved");
        other.attach(4, new SessionId(0, 4_000, 1), ALICE, 21, 1);
        assertThat(other.stream.take()).containsExactly("moved [0]");
    }

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

    @Test
    void aConnectionThatIsGoneBeforeItsSessionBeganHoldsNothing() {
        gateway.open(1, open(0, 10, ALICE), 0);
        gateway.open(2, open(0, 11, ALICE), 0);
        gateway.offer(desk -> desk.onDetachUnopened(
                gateway.link, Detach.newBuilder().setHandle(1).build()));
        gateway.offer(desk -> desk.onDetachUnopened(
                gateway.link, Detach.newBuilder().setHandle(2).setEnd(true).build()));
        gateway.run();
        assertThat(gateway.stream.take()).isEmpty();
        assertThat(host.machine.sessions().all())
                .extracting(session -> session.open().getRequest())
                .containsExactly(10L);
    }

    private SessionId opened(long request, long user, int dispatches) {
        gateway.open(1, request, user);
        host.deliver(host.session(request), dispatches);
        gateway.stream.take();
        return host.session(request).id();
    }

    private Close lastClose() {
        List<Close> closes = new ArrayList<>();
        for (long i = 0; i < host.log.end(); i++) {
            if (host.log.at(i).record().hasClose()) {
                closes.add(host.log.at(i).record().getClose());
            }
        }
        return closes.getLast();
    }
}
