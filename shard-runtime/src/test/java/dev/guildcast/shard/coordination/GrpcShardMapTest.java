package dev.guildcast.shard.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.MapUpdate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcShardMapTest {
    private static final CoordinationTimes TIMES =
            new CoordinationTimes(Duration.ofMillis(50), Duration.ofMillis(5), Duration.ofMillis(50));
    private static final ShardId G0 = ShardId.guild(0);
    private static final ShardId S1 = ShardId.session(1);

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final GrpcShardMap map =
            new GrpcShardMap(CoordinatorTargets.parse(coordinator.address()), TIMES, TestIdentity.of(PeerRole.GATEWAY));

    @AfterEach
    void close() {
        map.close();
        coordinator.close();
    }

    @Test
    void hasNoOwnersBeforeTheFirstSnapshot() {
        map.start();
        assertThat(map.owner(G0)).isEmpty();
        assertThat(map.revision()).isZero();
    }

    @Test
    void appliesASnapshotThenDeltasAndNotifiesItsListeners() throws Exception {
        var calls = new AtomicInteger();
        var handle = map.onChange(calls::incrementAndGet);
        map.start();
        await().until(() -> coordinator.watchers.size() == 1);
        send(snapshot(7).addEntries(FakeCoordinator.entry(G0, "a", "h:1", 3)));
        await().until(() -> map.revision() == 7);
        assertThat(map.owner(G0)).contains(new ShardOwner("a", "h:1", 3));

        send(delta(8).addEntries(FakeCoordinator.entry(S1, "b", "h:2", 1)));
        await().until(() -> map.revision() == 8);
        assertThat(map.owner(G0)).contains(new ShardOwner("a", "h:1", 3));
        assertThat(map.owner(S1)).contains(new ShardOwner("b", "h:2", 1));
        await().until(() -> calls.get() == 2);

        handle.close();
        send(delta(9).addEntries(FakeCoordinator.entry(G0, "", "", 3)));
        await().until(() -> map.revision() == 9);
        assertThat(map.owner(G0)).isEmpty();
        assertThat(calls).hasValue(2);
    }

    @Test
    void aSnapshotForgetsWhatItDoesNotName() {
        map.start();
        await().until(() -> coordinator.watchers.size() == 1);
        send(snapshot(7).addEntries(FakeCoordinator.entry(G0, "a", "h:1", 3)));
        send(snapshot(9).addEntries(FakeCoordinator.entry(S1, "a", "h:1", 3)));
        await().until(() -> map.revision() == 9);
        assertThat(map.owner(G0)).isEmpty();
    }

    @Test
    void keepsTheLastMapWhileTheCoordinatorIsAwayAndGoesOnFromItsRevision() {
        map.start();
        await().until(() -> coordinator.watchers.size() == 1);
        send(snapshot(7).addEntries(FakeCoordinator.entry(G0, "a", "h:1", 3)));
        await().until(() -> map.revision() == 7);

        coordinator.breakStreams();
        await().until(() -> coordinator.watchers.size() == 1);
        assertThat(map.owner(G0)).isPresent();
        assertThat(coordinator.watchedFrom).containsExactly(0L, 7L);
    }

    @Test
    void connectsToAnotherReplicaWhenOneIsGone() {
        try (var second = new FakeCoordinator();
                var both = new GrpcShardMap(
                        CoordinatorTargets.parse(coordinator.address() + ", " + second.address()),
                        TIMES,
                        TestIdentity.of(PeerRole.GATEWAY))) {
            both.start();
            await().until(() -> coordinator.watchers.size() + second.watchers.size() == 1);
            var first = coordinator.watchers.isEmpty() ? second : coordinator;
            var other = first == second ? coordinator : second;
            first.close();
            await().until(() -> other.watchers.size() == 1);
        }
    }

    @Test
    void oneFailingListenerDoesNotSilenceTheNext() {
        var calls = new AtomicInteger();
        map.onChange(() -> {
            throw new IllegalStateException("a listener's bug");
        });
        map.onChange(calls::incrementAndGet);
        map.start();
        await().until(() -> coordinator.watchers.size() == 1);
        send(snapshot(1).addEntries(FakeCoordinator.entry(G0, "a", "h:1", 3)));
        await().until(() -> calls.get() == 1);
    }

    private void send(MapUpdate.Builder update) {
        coordinator.watchers.getLast().onNext(update.build());
    }

    private static MapUpdate.Builder snapshot(long revision) {
        return MapUpdate.newBuilder().setRevision(revision).setSnapshot(true);
    }

    private static MapUpdate.Builder delta(long revision) {
        return MapUpdate.newBuilder().setRevision(revision);
    }
}
