package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.link.v1.Attachment;
import dev.guildcast.link.v1.Dispatch;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Invalid;
import dev.guildcast.link.v1.Moved;
import dev.guildcast.link.v1.ReplayDone;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

class HostMessageRouterTest extends RemoteSessionFixture {
    private final RemoteSessions sessions = new RemoteSessions(new ConcurrentSkipListMap<>(), 2);
    private final HostMessageRouter router = new HostMessageRouter(sessions);
    private final ManualLoop otherLoop = new ManualLoop();

    @Test
    void aBatchReachesEachSessionInOrderAndItsCreditIsReturnedAfterTheLastLoop() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, otherLoop));
        router.onMessage(a, batch(100, dispatch("A", 1, 6, 2, 6), dispatch("B", 2, 7), dispatch("C", 1, 7)));
        assertThat(listener.events).as("before the loops run").isEmpty();
        loop.run();
        assertThat(listener.events).containsExactly("A6", "C7");
        assertThat(a.creditBytes).as("one loop is not done").isZero();
        otherLoop.run();
        assertThat(listener.events).containsExactly("A6", "C7", "A6", "B7");
        assertThat(a.creditBytes).isEqualTo(100);
    }

    @Test
    void aSessionThatThrowsCostsNeitherOtherSessionsTheirDispatchesNorTheHostItsCredit() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, loop));
        sessions.add(resumed(3, 0, otherLoop));
        listener.failsOn = "B";
        router.onMessage(a, batch(100, dispatch("A", 1, 6), dispatch("B", 2, 6), dispatch("C", 1, 7, 3, 6)));
        loop.run();
        assertThat(listener.events).containsExactly("A6", "failed", "C7");
        otherLoop.run();
        assertThat(listener.events).endsWith("C6");
        assertThat(a.creditBytes).isEqualTo(100);
        assertThat(a.last().getDetach().getHandle()).as("its client resumes").isEqualTo(2);
        assertThat(a.last().getDetach().getEnd()).isFalse();
        assertThat(hosts.removed).containsExactly(2L);
    }

    @Test
    void anErrorOfASessionWhoseCloseThrowsTooEndsThatSessionOnly() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, loop));
        listener.failsOn = "B";
        listener.failsToClose = true;
        router.onMessage(a, batch(100, dispatch("B", 1, 6), dispatch("C", 2, 6)));
        loop.run();
        assertThat(listener.events).containsExactly("failed", "C6");
        assertThat(a.creditBytes).isEqualTo(100);
        assertThat(hosts.removed).containsExactly(1L);
    }

    @Test
    void aMessageWhoseHandlingThrowsClosesItsSession() {
        sessions.add(resumed(1, 0, loop));
        listener.failsOn = "resumed";
        router.onMessage(
                a,
                HostMessage.newBuilder()
                        .setReplayDone(ReplayDone.newBuilder().setHandle(1).setSequence(5))
                        .build());
        loop.run();
        assertThat(listener.events).containsExactly("failed");
    }

    @Test
    void aSilentShardConcernsItsOwnSessionsAtThatHost() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 1, loop));
        hosts.setOwner("b:1", 2);
        router.onShardSilent(a, 1);
        loop.run();
        assertThat(b.sent).extracting(it -> it.getAttach().getHandle()).containsExactly(2L);
    }

    @Test
    void theCreditOfABatchForNoKnownSessionIsReturnedAtOnce() {
        sessions.add(resumed(1, 0, loop));
        sessions.remove(1);
        router.onMessage(a, batch(100, dispatch("A", 1, 6), dispatch("A", 9, 6)));
        loop.run();
        assertThat(a.creditBytes).isEqualTo(100);
        assertThat(listener.events).isEmpty();
    }

    @Test
    void aHandleWithoutASequenceIsIgnored() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, loop));
        router.onMessage(
                a, batch(100, dispatch("A", 1, 6).toBuilder().addHandles(2).build()));
        loop.run();
        assertThat(listener.events).containsExactly("A6");
        assertThat(a.creditBytes).isEqualTo(100);
    }

    @Test
    void aMessageReachesOnlyTheSessionWithItsHandle() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, loop));
        router.onMessage(
                a,
                HostMessage.newBuilder()
                        .setInvalid(Invalid.newBuilder().setHandle(2))
                        .build());
        router.onMessage(
                a,
                HostMessage.newBuilder()
                        .setAttachment(Attachment.newBuilder().setHandle(9))
                        .build());
        loop.run();
        assertThat(listener.events).containsExactly("invalid");
        assertThat(hosts.removed).containsExactly(2L);
    }

    @Test
    void aMoveWithoutHandlesConcernsAllSessionsOfTheShard() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 1, loop));
        sessions.add(resumed(3, 0, loop));
        hosts.setOwner("b:1", 2);
        router.onMessage(
                a,
                HostMessage.newBuilder()
                        .setMoved(Moved.newBuilder().setShard(0))
                        .build());
        loop.run();
        assertThat(b.sent).extracting(it -> it.getAttach().getHandle()).containsExactly(1L, 3L);
    }

    @Test
    void aMoveWithHandlesConcernsOnlyThese() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 0, loop));
        hosts.setOwner("b:1", 2);
        router.onMessage(
                a,
                HostMessage.newBuilder()
                        .setMoved(Moved.newBuilder().setShard(0).addHandles(2))
                        .build());
        loop.run();
        assertThat(b.sent).extracting(it -> it.getAttach().getHandle()).containsExactly(2L);
    }

    @Test
    void aBrokenStreamAndANewMapReachEverySession() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 1, otherLoop));
        a.up = false;
        router.onDown(a);
        loop.run();
        otherLoop.run();
        hosts.setOwner("b:1", 2);
        router.onMapChange();
        loop.run();
        otherLoop.run();
        assertThat(b.sent).extracting(it -> it.getAttach().getHandle()).containsExactly(1L, 2L);
    }

    @Test
    void aBroadcastLeavesOutASessionThatWasRemovedBeforeItsTurn() {
        for (long handle = 1; handle <= 3; handle++) {
            sessions.add(resumed(handle, 0, loop));
        }
        var visited = new ArrayList<Long>();
        sessions.forEach(session -> {
            visited.add(session.handle());
            sessions.remove(session.handle() + 1);
        });
        assertThat(visited).containsExactly(1L, 3L);
    }

    @Test
    void sessionsAreCountedByShardUntilTheyAreRemovedOnce() {
        sessions.add(resumed(1, 0, loop));
        sessions.add(resumed(2, 1, loop));
        sessions.remove(2);
        sessions.remove(2);
        assertThat(sessions.countOfShard(0)).isEqualTo(1);
        assertThat(sessions.countOfShard(1)).isZero();
    }

    private static HostMessage batch(long charge, Dispatch... dispatches) {
        var batch = DispatchBatch.newBuilder().setCharge(charge);
        for (var dispatch : dispatches) {
            batch.addDispatches(dispatch);
        }
        return HostMessage.newBuilder().setBatch(batch).build();
    }

    /// @param handlesAndSequences pairs
    private static Dispatch dispatch(String type, int... handlesAndSequences) {
        var dispatch = Dispatch.newBuilder().setType(type).setData(ByteString.copyFromUtf8("{}"));
        for (int i = 0; i < handlesAndSequences.length; i += 2) {
            dispatch.addHandles(handlesAndSequences[i]).addSequences(handlesAndSequences[i + 1]);
        }
        return dispatch.build();
    }
}
