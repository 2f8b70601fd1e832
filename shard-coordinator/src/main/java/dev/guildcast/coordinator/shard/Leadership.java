package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.lease.LeaseTable;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.coordinator.store.Tenure;
import dev.guildcast.shard.v1.ShardReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One tenure: nodes' streams and leases, the director, and the store that keeps what it decides.
///
/// - **Owner:** the replica's loop.
/// - **Bound:** one stream a node; `Drain` calls wait here until their deadline.
/// - **Promise:** nobody is told of a decision before it is kept. When one cannot be kept, [StoreException] ends it
/// all.
final class Leadership {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private final Tenure tenure;
    private final ShardDirector director;
    private final LeaseTable leases;
    private final ShardMapPublisher publisher;
    private final CoordinatorMetrics metrics;
    private final LongSupplier clock;
    private final Map<String, NodeStream> streams = new HashMap<>();
    private final List<Drain> drains = new ArrayList<>();

    Leadership(
            Tenure tenure,
            Leader self,
            Topology topology,
            LeaseProperties lease,
            PlacementProperties placement,
            ShardMapPublisher publisher,
            CoordinatorMetrics metrics,
            LongSupplier clock) {
        this.tenure = tenure;
        this.publisher = publisher;
        this.metrics = metrics;
        this.clock = clock;
        long now = clock.getAsLong();
        this.director = new ShardDirector(
                tenure.inherited(), self, topology, placement, lease.duration().toMillis(), now);
        this.leases = new LeaseTable(lease);
        // A new leader has not heard of anyone: each gets one lease to say that it lives.
        tenure.inherited().nodes().keySet().forEach(node -> leases.renew(node, now));
    }

    /// Says who leads, and whether the topics are as planned.
    void lead(boolean topicsReady) throws StoreException {
        keep(director.lead(topicsReady));
    }

    void join(Node node, List<ShardReport> reports, boolean leaving, NodeStream stream) throws StoreException {
        var before = streams.put(node.id(), stream);
        if (before != null && before != stream) {
            before.end("the node has opened another stream");
        }
        boolean known = director.state().nodes().containsKey(node.id());
        log.info(
                "node {} at {} {}, with {} shards",
                node.id(),
                node.address(),
                known ? "is back" : "has come",
                reports.size());
        leases.renew(node.id(), clock.getAsLong());
        keep(director.join(node, reports, clock.getAsLong()));
        leaveIfAsked(node.id(), leaving);
    }

    void report(String node, List<ShardReport> reports, boolean leaving, NodeStream stream) throws StoreException {
        if (streams.get(node) != stream) {
            return;
        }
        leases.renew(node, clock.getAsLong());
        keep(director.report(node, reports, clock.getAsLong()));
        leaveIfAsked(node, leaving);
    }

    private void leaveIfAsked(String node, boolean leaving) throws StoreException {
        var known = director.state().nodes().get(node);
        if (leaving && known != null && !known.draining() && director.drain(node) instanceof Answer.Done done) {
            log.info("node {} leaves", node);
            keep(done.outcome());
        }
    }

    /// The stream is gone; if the node said that it ends, it is dead at once.
    void lose(String node, NodeStream stream, boolean ended) {
        if (streams.remove(node, stream)) {
            director.lose(node);
            if (ended) {
                leases.end(node, clock.getAsLong());
            } else {
                leases.broken(node, clock.getAsLong());
            }
        }
    }

    void tick() throws StoreException {
        long now = clock.getAsLong();
        for (var node : leases.expire(now)) {
            log.info("node {} is dead", node);
            var stream = streams.remove(node);
            if (stream != null) {
                stream.end("the lease is over");
            }
            metrics.onNodeDead();
            keep(director.die(node, now));
        }
        keep(director.tick(now));
        answerDrains(now);
    }

    Answer move(ShardId shard, String node) throws StoreException {
        return kept(director.move(shard, node, clock.getAsLong()));
    }

    Answer pin(ShardId shard, String node) throws StoreException {
        return kept(director.pin(shard, node, clock.getAsLong()));
    }

    Answer unpin(ShardId shard) throws StoreException {
        return kept(director.unpin(shard));
    }

    /// @param shardsLeft told once: when none is left, or when the time is over
    Answer drain(String node, long withinMillis, Consumer<Integer> shardsLeft) throws StoreException {
        var answer = kept(director.drain(node));
        if (answer instanceof Answer.Done) {
            drains.add(new Drain(node, clock.getAsLong() + withinMillis, shardsLeft));
        }
        return answer;
    }

    private void answerDrains(long now) {
        drains.removeIf(drain -> {
            int left = director.shardsOf(drain.node);
            boolean over = left == 0 || now >= drain.untilMillis;
            if (over) {
                drain.shardsLeft.accept(left);
            }
            return over;
        });
    }

    long revision() {
        return director.state().revision();
    }

    private Answer kept(Answer answer) throws StoreException {
        if (answer instanceof Answer.Done done) {
            keep(done.outcome());
        }
        return answer;
    }

    private void keep(Outcome outcome) throws StoreException {
        var decision = outcome.decision();
        if (decision != null) {
            long begun = System.nanoTime();
            tenure.keep(decision);
            metrics.onKept(System.nanoTime() - begun);
            publisher.publish(director.state());
            decision.shards().stream()
                    .filter(shard -> shard.epochMax() > 0)
                    .forEach(shard -> log.info("{}", describe(shard)));
        }
        for (var order : outcome.orders()) {
            var stream = streams.get(order.node());
            if (stream != null) {
                metrics.onOrder(order.action());
                stream.direct(order.toDirective());
            }
        }
    }

    private static String describe(Shard shard) {
        return shard.id() + " is " + shard.phase() + ", owner " + Objects.requireNonNullElse(shard.owner(), "none")
                + " epoch " + shard.ownerEpoch()
                + (shard.next() == null ? "" : ", next " + shard.next() + " epoch " + shard.orderedEpoch());
    }

    /// Ends every stream; whoever waits is told that this replica leads no more.
    void end() {
        streams.values().forEach(NodeStream::depose);
        streams.clear();
        drains.forEach(drain -> drain.shardsLeft.accept(Drain.DEPOSED));
        drains.clear();
        tenure.close();
    }

    /// A `Drain` call that waits.
    record Drain(String node, long untilMillis, Consumer<Integer> shardsLeft) {
        /// Told instead of a count when the leadership ends.
        static final int DEPOSED = -1;
    }
}
