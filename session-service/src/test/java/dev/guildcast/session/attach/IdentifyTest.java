package dev.guildcast.session.attach;

import static dev.guildcast.session.testing.TestRecords.deliver;
import static dev.guildcast.session.testing.TestRecords.joined;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static dev.guildcast.session.testing.TestRecords.sharded;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.link.v1.Detach;
import org.junit.jupiter.api.Test;

/// The reply to an Identify, and the live dispatches that follow it.
class IdentifyTest extends TwoGateways {
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
    void anIdentifyIsAnsweredAlthoughTheFormerOwnersOpenIsVoid() {
        var next = new FrontendHarness(host.log, 78, 16_384);
        next.claim();
        host.log.append(of(open(OWNER, 10, ALICE)));
        var gatewayOfNext = next.gateway();
        gatewayOfNext.open(1, 10, ALICE);
        assertThat(gatewayOfNext.stream.take()).containsExactly("1:opened", "1:s1 READY");
    }

    @Test
    void theOldestSessionWithoutAConnectionEndsWhenAUserHasTooMany() {
        for (int i = 0; i < SessionLimit.SESSIONS_MAX; i++) {
            gateway.open(1 + i, open(0, 10 + i, ALICE), 0).run();
        }
        gateway.stream.take();
        var oldest = host.session(12).id();
        gateway.detach(3, oldest, 12, false)
                .detach(5, host.session(14).id(), 14, false)
                .run();
        gateway.open(100, open(0, 100, ALICE), 0).run();
        assertThat(gateway.stream.take()).containsExactly("100:opened", "100:s1 READY");
        assertThat(host.machine.sessions().at(oldest.offset())).isNull();
        assertThat(host.machine.sessions().ofUser(ALICE)).hasSize(SessionLimit.SESSIONS_MAX);
        other.attach(1, oldest, ALICE, 500, 1).run();
        assertThat(other.stream.take()).containsExactly("1:invalid");
    }

    @Test
    void anotherSessionIsRefusedIfAllOfAUserHaveAConnection() {
        for (int i = 0; i < SessionLimit.SESSIONS_MAX; i++) {
            gateway.open(1 + i, open(0, 10 + i, ALICE), 0).run();
        }
        gateway.stream.take();
        gateway.open(100, open(0, 100, ALICE), 0)
                .open(101, open(0, 101, BOB), 0)
                .run();
        assertThat(gateway.stream.take()).containsExactly("100:refused 4015", "101:opened", "101:s1 READY");
    }

    @Test
    void anInvalidIdentifyIsRefused() {
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
        assertThat(batch.getDispatches(0).getPublishedMillis()).isEqualTo(host.log.nowMillis());
        assertThat(batch.getCharge()).isPositive();
    }

    @Test
    void aConnectionClosedBeforeItsSessionOpenedHoldsNothing() {
        gateway.open(1, open(0, 10, ALICE), 0);
        gateway.open(2, open(0, 11, ALICE), 0);
        gateway.offer(frontend -> frontend.onDetachBeforeOpened(
                gateway.link, Detach.newBuilder().setHandle(1).build()));
        gateway.offer(frontend -> frontend.onDetachBeforeOpened(
                gateway.link, Detach.newBuilder().setHandle(2).setEnd(true).build()));
        gateway.run();
        assertThat(gateway.stream.take()).isEmpty();
        assertThat(host.machine.sessions().all())
                .extracting(session -> session.open().getRequest())
                .containsExactly(10L);
    }
}
