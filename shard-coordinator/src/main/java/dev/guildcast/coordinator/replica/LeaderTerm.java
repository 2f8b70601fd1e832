package dev.guildcast.coordinator.replica;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.director.DirectorOutput;
import dev.guildcast.coordinator.director.OperationResult;
import dev.guildcast.coordinator.director.ShardDirector;
import dev.guildcast.coordinator.lease.LeaseTable;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.store.LeaderStore;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.shard.v1.ShardReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One leader term: the nodes' streams and leases, the director, and the store that commits its decisions.
///
/// - **Owner:** the replica's loop.
/// - **Bound:** one stream a node; `PendingDrain` calls wait here until their deadline.
/// - **Promise:** no decision is published before it is committed. If one cannot be committed, a [StoreException] ends
/// the term.
public final class LeaderTerm {
    private static final Logger log = LoggerFactory.getLogger(LeaderTerm.class);

    private final LeaderStore store;
    private final ShardDirector director;
    private final LeaseTable leases;
    private final ShardMapPublisher publisher;
    private final CoordinatorMetrics metrics;
    private final LongSupplier nanoTime;
    private final Map<String, NodeStream> streams = new HashMap<>();
    private final List<PendingDrain> pendingDrains = new ArrayList<>();

    LeaderTerm(
            LeaderStore store,
            Leader self,
            ReplicaSettings settings,
            ShardMapPublisher publisher,
            CoordinatorMetrics metrics,
            LongSupplier nanoTime) {
        this.store = store;
        this.publisher = publisher;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        long now = nowMillis();
        this.director = new ShardDirector(
                store.initialState(),
                self,
                settings.topology(),
                settings.placement(),
                settings.lease().duration().toMillis(),
                now);
        this.leases = new LeaseTable(settings.lease());
        // A new leader has no reports yet: every known node gets one lease to report.
        store.initialState().nodes().keySet().forEach(node -> leases.renew(node, now));
    }

    /// Commits who leads, and whether the topics are as planned.
    void recordLeader(boolean topicsReady) throws StoreException {
        commit(director.recordLeader(topicsReady));
    }

    public void onJoin(Node node, List<ShardReport> reports, boolean leaving, NodeStream stream) throws StoreException {
        var previous = streams.put(node.id(), stream);
        if (previous != null && previous != stream) {
            previous.end("the node has opened another stream, which replaces this one");
        }
        boolean known = director.state().nodes().containsKey(node.id());
        log.info(
                "node {} at {} {}, with {} shards reported",
                node.id(),
                node.address(),
                known ? "reconnected" : "registered",
                reports.size());
        leases.renew(node.id(), nowMillis());
        commit(director.onJoin(node, reports, nowMillis()));
        drainIfLeaving(node.id(), leaving);
    }

    public void onReport(String node, List<ShardReport> reports, boolean leaving, NodeStream stream)
            throws StoreException {
        if (streams.get(node) != stream) {
            return;
        }
        leases.renew(node, nowMillis());
        commit(director.onReport(node, reports, nowMillis()));
        drainIfLeaving(node, leaving);
    }

    private void drainIfLeaving(String node, boolean leaving) throws StoreException {
        var known = director.state().nodes().get(node);
        if (leaving
                && known != null
                && !known.draining()
                && director.drain(node) instanceof OperationResult.Accepted accepted) {
            log.info("node {} is leaving: its shards are moved", node);
            commit(accepted.output());
        }
    }

    /// The stream is closed; if the node ended it on purpose, its lease expires at once.
    public void onStreamLost(String node, NodeStream stream, boolean ended) {
        if (streams.remove(node, stream)) {
            director.onDisconnect(node);
            if (ended) {
                leases.onNodeEnded(node, nowMillis());
            } else {
                leases.onStreamBroken(node, nowMillis());
            }
        }
    }

    void onTick() throws StoreException {
        long now = nowMillis();
        for (var node : leases.expire(now)) {
            log.info("the lease of node {} expired: its shards go to other nodes", node);
            var stream = streams.remove(node);
            if (stream != null) {
                stream.end("the lease expired without a report; register again");
            }
            metrics.onNodeDead();
            commit(director.onNodeDead(node, now));
        }
        commit(director.onTick(now));
        completeDrains(now);
    }

    public OperationResult move(ShardId shard, String node) throws StoreException {
        return committed(director.move(shard, node, nowMillis()));
    }

    public OperationResult pin(ShardId shard, String node) throws StoreException {
        return committed(director.pin(shard, node, nowMillis()));
    }

    public OperationResult unpin(ShardId shard) throws StoreException {
        return committed(director.unpin(shard));
    }

    /// @param shardsLeft called once, when no shard is left or the time is over
    public OperationResult drain(String node, long timeoutMillis, Consumer<Integer> shardsLeft) throws StoreException {
        var result = committed(director.drain(node));
        if (result instanceof OperationResult.Accepted) {
            pendingDrains.add(new PendingDrain(node, nowMillis() + timeoutMillis, shardsLeft));
        }
        return result;
    }

    private void completeDrains(long now) {
        pendingDrains.removeIf(drain -> {
            int remaining = director.shardCountOf(drain.node);
            boolean complete = remaining == 0 || now >= drain.deadlineMillis;
            if (complete) {
                drain.shardsLeft.accept(remaining);
            }
            return complete;
        });
    }

    public long revision() {
        return director.state().revision();
    }

    private OperationResult committed(OperationResult result) throws StoreException {
        if (result instanceof OperationResult.Accepted accepted) {
            commit(accepted.output());
        }
        return result;
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    private void commit(DirectorOutput output) throws StoreException {
        var decision = output.decision();
        if (decision != null) {
            long startNanos = nanoTime.getAsLong();
            store.commit(decision);
            metrics.onCommitted(nanoTime.getAsLong() - startNanos);
            publisher.publish(director.state());
            decision.shards().stream()
                    .filter(shard -> shard.epochMax() > 0)
                    .forEach(shard -> log.info("{}", describe(shard)));
        }
        for (var directive : output.directives()) {
            var stream = streams.get(directive.node());
            if (stream != null) {
                metrics.onDirective(directive.action());
                stream.send(directive.toProto());
            }
        }
    }

    private static String describe(Shard shard) {
        return shard.id() + " is " + shard.phase() + ", owner " + Objects.requireNonNullElse(shard.owner(), "none")
                + " epoch " + shard.ownerEpoch()
                + (shard.next() == null ? "" : ", next " + shard.next() + " epoch " + shard.orderedEpoch());
    }

    /// Ends every stream and pending `PendingDrain` call with the error that this replica is no longer the leader.
    void end() {
        streams.values().forEach(NodeStream::endNotLeader);
        streams.clear();
        pendingDrains.forEach(drain -> drain.shardsLeft.accept(PendingDrain.DEPOSED));
        pendingDrains.clear();
        store.close();
    }

    /// A pending `PendingDrain` call.
    public record PendingDrain(String node, long deadlineMillis, Consumer<Integer> shardsLeft) {
        /// Passed instead of a count when the leader term ends.
        public static final int DEPOSED = -1;
    }
}
