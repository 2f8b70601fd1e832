package dev.guildcast.session.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.session.attach.FrontendHarness;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestRecords;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CursorPumpTest {
    private static final long OWNER = 77;
    private static final long ALICE = 1001;
    private static final long BOB = 1002;

    private final FrontendHarness host = FrontendHarness.live();
    private final FrontendHarness.Gateway gateway = host.gateway();

    @Test
    void nothingIsPushedWithoutCreditAndAllOfItOnceThereIsSome() {
        var id = opened(10, ALICE);
        gateway.link.onCredit(-1);
        spend(gateway);
        host.deliver(host.session(10), 200);
        assertThat(gateway.stream.take()).isEmpty();
        gateway.link.onCredit(1 << 21);
        gateway.run();
        assertThat(gateway.stream.take()).hasSize(200).startsWith("1:s2 EVENT").endsWith("1:s201 EVENT");
        assertThat(id).isNotNull();
    }

    @Test
    void aStreamThatIsNotReadyDelaysOnlyItself() {
        opened(10, ALICE);
        var other = host.gateway();
        other.open(2, 11, BOB);
        other.stream.take();
        gateway.stream.ready = false;
        for (int i = 0; i < 50; i++) {
            host.log.append(TestRecords.deliver(
                    1L << 22,
                    "EVENT",
                    "{}",
                    host.session(10).offset(),
                    host.session(11).offset()));
        }
        host.shard.run();
        assertThat(other.stream.take()).hasSize(50);
        assertThat(gateway.stream.take()).isEmpty();
        gateway.stream.ready = true;
        gateway.link.onWritable();
        gateway.run();
        assertThat(gateway.stream.take()).hasSize(50);
    }

    @Test
    void aLongReplayDoesNotDelayOtherSessions() {
        var id = opened(10, ALICE);
        gateway.open(2, 11, BOB);
        gateway.stream.take();
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 1_000);
        spend(gateway);
        gateway.attach(1, id, ALICE, 20, 1);
        gateway.run();
        host.deliver(host.session(11), 1);
        gateway.stream.take();
        gateway.link.onCredit(1 << 22);
        gateway.run();
        var messages = gateway.stream.take();
        assertThat(messages).hasSize(1_002).contains("1:s1001 EVENT", "1:done");
        assertThat(messages.indexOf("2:s2 EVENT")).isLessThan(100);
    }

    @Test
    void aParkedConnectionIsNotPushedToUntilItAttachesAgain() {
        var id = opened(10, ALICE);
        gateway.park(1, 10).run();
        host.deliver(host.session(10), 3);
        assertThat(gateway.stream.take()).isEmpty();
        gateway.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gateway.stream.take()).containsExactly("1:attached", "1:s2 EVENT", "1:s3 EVENT", "1:s4 EVENT");
    }

    @Test
    void aStalledConnectionThatOverrunsTheRingIsParkedThenInvalid() {
        var small = new FrontendHarness(new TestLog(), OWNER, 16);
        small.claim();
        var slow = small.gateway();
        slow.open(1, 10, ALICE);
        slow.stream.take();
        var id = small.session(10).id();
        slow.stream.ready = false;
        small.deliver(small.session(10), 40);
        slow.stream.ready = true;
        slow.link.onWritable();
        slow.run();
        assertThat(slow.stream.take()).containsExactly("1:parked");
        slow.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(slow.stream.take()).containsExactly("1:invalid");
        assertThat(small.machine.sessions().size()).isZero();
    }

    @Test
    void evictedRecordsAreReadFromTheLog() {
        var id = opened(10, ALICE);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 100);
        host.advance(Duration.ofSeconds(40));
        host.deliver(host.session(10), 1);
        gateway.attach(1, id, ALICE, 20, 1).run();
        assertThat(gateway.stream.take()).containsExactly("1:attached");
        assertThat(host.reader.completeOne()).isTrue();
        host.shard.run();
        assertThat(gateway.stream.take()).hasSize(64).endsWith("1:s65 EVENT");
        assertThat(host.reader.completeOne()).isTrue();
        host.shard.run();
        assertThat(gateway.stream.take()).hasSize(38).endsWith("1:s102 EVENT", "1:done");
        assertThat(host.reader.completeOne()).isFalse();
    }

    @Test
    void aReadThatFailsOrIsNotAcceptedIsRetried() {
        var id = opened(10, ALICE);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 1);
        host.advance(Duration.ofSeconds(40));
        host.deliver(host.session(10), 1);
        host.reader.full = true;
        gateway.attach(1, id, ALICE, 20, 1).run();
        host.advance(Duration.ofMillis(100));
        host.reader.full = false;
        host.reader.failing = true;
        host.advance(Duration.ofMillis(100));
        assertThat(host.reader.completeOne()).isTrue();
        host.shard.run();
        host.reader.failing = false;
        host.advance(Duration.ofMillis(100));
        assertThat(host.reader.completeOne()).isTrue();
        host.shard.run();
        assertThat(gateway.stream.take()).containsExactly("1:attached", "1:s2 EVENT", "1:s3 EVENT", "1:done");
    }

    @Test
    void aReferenceBelowTheLogsStartEndsTheSessionOfItsConnection() {
        var id = opened(10, ALICE);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 1);
        host.advance(Duration.ofSeconds(40));
        host.deliver(host.session(10), 1);
        host.reader.logStart = host.log.end();
        gateway.attach(1, id, ALICE, 20, 1).run();
        assertThat(host.reader.completeOne()).isTrue();
        host.shard.run();
        assertThat(gateway.stream.take()).containsExactly("1:attached", "1:invalid");
        assertThat(host.machine.sessions().size()).isZero();
        assertThat(host.log.at(host.log.end() - 1).record().getClose().getReason())
                .isEqualTo(Close.Reason.OVERRUN);
    }

    @Test
    void aReadForAClosedConnectionIsDiscarded() {
        var id = opened(10, ALICE);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 1);
        host.advance(Duration.ofSeconds(40));
        host.deliver(host.session(10), 1);
        gateway.attach(1, id, ALICE, 20, 1).run();
        gateway.stream.take();
        gateway.close();
        gateway.run();
        host.reader.completeOne();
        host.shard.run();
        assertThat(gateway.stream.take()).isEmpty();
    }

    @Test
    void replayDoneFollowsTheReplayedEntries() {
        var id = opened(10, ALICE);
        gateway.detach(1, id, 10, false).run();
        host.deliver(host.session(10), 5);
        gateway.attach(1, id, ALICE, 20, 1);
        // More is delivered before the Attached is applied.
        host.shard.runAction();
        host.deliver(host.session(10), 5);
        var messages = gateway.stream.take();
        assertThat(messages)
                .containsSubsequence(IntStream.rangeClosed(2, 6)
                        .mapToObj(s -> "1:s" + s + " EVENT")
                        .toList());
        assertThat(messages.indexOf("1:done")).isGreaterThan(messages.indexOf("1:s6 EVENT"));
        assertThat(messages).containsOnlyOnce("1:done").contains("1:s11 EVENT");
    }

    private SessionId opened(long request, long user) {
        gateway.open(1, request, user);
        gateway.stream.take();
        return host.session(request).id();
    }

    // Uses up the credit, so that the next dispatch has none.
    private static void spend(FrontendHarness.Gateway gateway) {
        gateway.link.push(dev.guildcast.link.v1.DispatchBatch.newBuilder()
                .setCharge(1 << 20)
                .build());
        gateway.stream.take();
    }
}
