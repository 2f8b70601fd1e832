package dev.guildcast.coordinator.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.ShardEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardMapPublisherTest {
    private static final ShardId G0 = ShardId.guild(0);
    private static final ShardId G1 = ShardId.guild(1);

    private final ShardMapPublisher publisher = new ShardMapPublisher(new MapProperties(3, 2, 10));
    private ClusterState state = ClusterState.EMPTY;

    @Test
    void aWatcherReceivesASnapshotThenDeltasAndNothingBeforeTheFirstMap() {
        var sink = new RecordingSink();
        publisher.watch(0, sink);
        assertThat(sink.updates).isEmpty();
        decide(Shard.fresh(G0), Shard.fresh(G1));
        decide(Shard.fresh(G1).active("n", 1));
        assertThat(sink.updates).hasSize(2);
        assertThat(sink.updates.get(0).getSnapshot()).isTrue();
        assertThat(sink.updates.get(0).getEntriesCount()).isEqualTo(2);
        assertThat(sink.updates.get(1).getSnapshot()).isFalse();
        assertThat(sink.updates.get(1).getRevision()).isEqualTo(2);
        assertThat(sink.updates.get(1).getEntriesList())
                .extracting(ShardEntry::getOwnerAddress)
                .containsExactly("n:1");
    }

    @Test
    void aReturningWatcherReceivesTheChangesSince() {
        decide(Shard.fresh(G0), Shard.fresh(G1));
        decide(Shard.fresh(G0).active("n", 1));
        decide(Shard.fresh(G0).active("n", 1).active("n", 2));
        var sink = new RecordingSink();
        publisher.watch(2, sink);
        assertThat(sink.updates).hasSize(1);
        assertThat(sink.updates.getFirst().getSnapshot()).isFalse();
        assertThat(sink.updates.getFirst().getRevision()).isEqualTo(3);
        assertThat(sink.updates.getFirst().getEntriesList()).hasSize(1);
    }

    @Test
    void aWatcherWithAnUnknownRevisionReceivesASnapshot() {
        for (int epoch = 1; epoch <= 8; epoch++) {
            decide(Shard.fresh(G0).active("n", epoch));
        }
        for (long revision : new long[] {2, 99}) {
            var sink = new RecordingSink();
            publisher.watch(revision, sink).orElseThrow().cancel();
            assertThat(sink.updates).hasSize(1);
            assertThat(sink.updates.getFirst().getSnapshot()).isTrue();
        }
        var upToDate = new RecordingSink();
        publisher.watch(8, upToDate);
        assertThat(upToDate.updates).isEmpty();
    }

    @Test
    void forASlowWatcherNothingIsQueued() {
        var sink = new RecordingSink();
        var watcher = publisher.watch(0, sink).orElseThrow();
        decide(Shard.fresh(G0));
        sink.ready = false;
        for (int epoch = 1; epoch <= 2; epoch++) {
            decide(Shard.fresh(G0).active("n", epoch));
        }
        assertThat(sink.updates).hasSize(1);
        sink.ready = true;
        watcher.pump();
        assertThat(sink.updates).hasSize(2);
        assertThat(sink.updates.getLast().getSnapshot()).isFalse();
        assertThat(sink.updates.getLast().getEntries(0).getEpoch()).isEqualTo(2);

        sink.ready = false;
        for (int epoch = 3; epoch <= 12; epoch++) {
            decide(Shard.fresh(G0).active("n", epoch));
        }
        sink.ready = true;
        watcher.pump();
        assertThat(sink.updates).hasSize(3);
        assertThat(sink.updates.getLast().getSnapshot()).isTrue();
    }

    @Test
    void anOlderStateIsIgnored() {
        decide(Shard.fresh(G0));
        var old = state;
        decide(Shard.fresh(G0).active("n", 1));
        publisher.publish(old);
        assertThat(publisher.map().revision()).isEqualTo(2);
    }

    @Test
    void aDecisionWithoutVisibleChangeSendsNothing() {
        decide(Shard.fresh(G0));
        var sink = new RecordingSink();
        publisher.watch(0, sink);
        decide(Shard.fresh(G0).withObservedEpoch(5));
        assertThat(sink.updates).hasSize(1);
    }

    @Test
    void rejectsWatchersBeyondTheBound() {
        publisher.watch(0, new RecordingSink());
        var second = publisher.watch(0, new RecordingSink());
        assertThat(publisher.watch(0, new RecordingSink())).isEmpty();
        second.orElseThrow().cancel();
        assertThat(publisher.watch(0, new RecordingSink())).isPresent();
        assertThat(publisher.watcherCount()).isEqualTo(2);
    }

    private void decide(Shard... shards) {
        state = state.with(new Decision(
                state.revision() + 1,
                new Leader("r", "h:1"),
                Topology.SMALLEST,
                true,
                List.of(shards),
                List.of(new Node("n", "n:1", Set.of(ShardId.Kind.GUILD), Map.of(), false)),
                Set.of()));
        publisher.publish(state);
    }

    private static final class RecordingSink implements ShardMapPublisher.UpdateSink {
        final List<MapUpdate> updates = new ArrayList<>();
        boolean ready = true;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(MapUpdate update) {
            updates.add(update);
        }
    }
}
