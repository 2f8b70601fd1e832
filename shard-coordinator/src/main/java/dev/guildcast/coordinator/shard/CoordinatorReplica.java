package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.store.CoordinatorStore;
import dev.guildcast.coordinator.store.LeaderElection;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.coordinator.topics.TopicAdmin;
import dev.guildcast.coordinator.topics.TopicPlan;
import dev.guildcast.coordinator.topics.TopicsDifferException;
import dev.guildcast.coordinator.topics.TopicsUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One replica of the coordinator: follows what is decided, and decides while it leads.
///
/// - **Owner:** its loop thread. It may block on the store while it leads; the map is served from others.
/// - **Bound:** `tasksMax` tasks wait for the loop.
/// - **Promise:** leads only between an election and a fault; what it decided and could not keep leaves no trace.
final class CoordinatorReplica implements LeaderElection.Candidate, AutoCloseable {
    /// Whether a task was taken.
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /// What is done by the leader, or by one that is not.
    interface Task {
        void lead(Leadership leadership) throws StoreException;

        void notLeading();
    }

    private static final Logger log = LoggerFactory.getLogger(CoordinatorReplica.class);
    private static final long RETRY_MILLIS = 500;
    private static final long REFUSED_RETRY_MILLIS = 5_000;
    private static final long CLOSE_SECONDS = 15;

    private final CoordinatorStore store;
    private final LeaderElection election;
    private final TopicAdmin topics;
    private final TopicPlan plan;
    private final Topology topology;
    private final LeaseProperties lease;
    private final PlacementProperties placement;
    private final MapProperties properties;
    private final ShardMapPublisher publisher;
    private final CoordinatorMetrics metrics;
    private final LongSupplier clock;
    private final ScheduledExecutorService loop;
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile @Nullable Leader self;
    private ClusterState followed = ClusterState.EMPTY;
    private boolean elected;
    private boolean begun;
    private @Nullable Leadership leadership;
    private volatile boolean leading;
    private volatile @Nullable String refusal;
    private final CompletableFuture<Void> firstLook = new CompletableFuture<>();

    CoordinatorReplica(
            CoordinatorStore store,
            LeaderElection election,
            TopicAdmin topics,
            TopicPlan plan,
            Topology topology,
            LeaseProperties lease,
            PlacementProperties placement,
            MapProperties properties,
            ShardMapPublisher publisher,
            CoordinatorMetrics metrics,
            LongSupplier clock) {
        this.store = store;
        this.election = election;
        this.topics = topics;
        this.plan = plan;
        this.topology = topology;
        this.lease = lease;
        this.placement = placement;
        this.properties = properties;
        this.publisher = publisher;
        this.metrics = metrics;
        this.clock = clock;
        this.loop = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("coordinator-loop").factory());
    }

    /// Begins to follow and stands for election, as soon as Kafka lets it; returns at once.
    void start(Leader self) {
        loop.execute(() -> {
            this.self = self;
            begin();
        });
        long every = lease.checkEvery().toMillis();
        loop.scheduleWithFixedDelay(this::tick, every, every, TimeUnit.MILLISECONDS);
    }

    /// Waits until this replica leads, or follows one that does.
    ///
    /// @throws RefusedException if it is not configured as the installation is: the message says how
    void awaitFirstLook(Duration atMost) {
        try {
            firstLook.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException refused) {
            throw new RefusedException(String.valueOf(refusal));
        } catch (TimeoutException away) {
            log.warn("started without Kafka: not ready until it answers");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin() {
        try {
            topics.ensure(List.of(plan.coordinatorState()));
        } catch (TopicsUnavailableException away) {
            log.warn("waiting for Kafka: {}", away.getMessage());
            later(this::begin, RETRY_MILLIS);
            return;
        } catch (TopicsDifferException differ) {
            refuse(differ.getMessage());
            later(this::begin, REFUSED_RETRY_MILLIS);
            return;
        }
        refusal = null;
        begun = true;
        store.follow(decision -> execute(() -> followed(decision)));
        election.start(this);
    }

    private void followed(Decision decision) {
        if (decision.revision() <= followed.revision()) {
            return;
        }
        followed = followed.with(decision);
        if (!topology.equals(decision.topology())) {
            refuseTopology(decision.topology());
            return;
        }
        publisher.publish(followed);
        if (decision.topicsReady()) {
            firstLook.complete(null);
        }
    }

    @Override
    public void onElected() {
        execute(() -> {
            elected = true;
            lead();
        });
    }

    @Override
    public void onDeposed() {
        execute(() -> {
            elected = false;
            stepDown("another replica is elected");
        });
    }

    private void lead() {
        var me = self;
        if (!elected || leadership != null || me == null) {
            return;
        }
        try {
            var tenure = store.lead();
            var inherited = tenure.inherited();
            if (inherited.topology() != null && !inherited.topology().equals(topology)) {
                refuseTopology(inherited.topology());
                tenure.close();
                later(this::lead, REFUSED_RETRY_MILLIS);
                return;
            }
            var begun = new Leadership(tenure, me, topology, lease, placement, publisher, metrics, clock);
            leadership = begun;
            log.info("{} leads from revision {}", me.id(), inherited.revision());
            begun.lead(inherited.topicsReady());
            topics.ensure(plan.shardTopics(topology));
            begun.lead(true);
            refusal = null;
            leading = true;
            firstLook.complete(null);
            metrics.onTenure();
        } catch (StoreException | TopicsUnavailableException fault) {
            stepDown(fault.getMessage());
            later(this::lead, RETRY_MILLIS);
        } catch (TopicsDifferException differ) {
            refuse(differ.getMessage());
            giveUpTopics();
            later(this::lead, REFUSED_RETRY_MILLIS);
        }
    }

    private void giveUpTopics() {
        var begun = leadership;
        if (begun != null) {
            try {
                begun.lead(false);
            } catch (StoreException fault) {
                log.debug("not kept: {}", fault.getMessage());
            }
        }
        stepDown("the topics are not as planned");
    }

    private void refuseTopology(Topology made) {
        refuse("guildcast.topology.* is " + words(topology) + " (expected: " + words(made)
                + ", with which the topics were made)");
    }

    private static String words(Topology it) {
        return "guild-shards=" + it.guildShards() + " dedicated-shards=" + it.dedicatedShards() + " user-shards="
                + it.userShards() + " session-shards=" + it.sessionShards();
    }

    private void refuse(@Nullable String why) {
        if (!String.valueOf(why).equals(refusal)) {
            log.error("refused: {}", why);
        }
        refusal = String.valueOf(why);
        firstLook.completeExceptionally(new RefusedException(String.valueOf(why)));
    }

    private void stepDown(@Nullable String why) {
        var ending = leadership;
        leadership = null;
        leading = false;
        if (ending != null) {
            log.info("leads no more: {}", why);
            ending.end();
        }
    }

    private void tick() {
        try {
            with(Leadership::tick);
        } catch (RuntimeException bug) {
            log.error("the leader's tick failed", bug);
            stepDown("of a bug");
            later(this::lead, REFUSED_RETRY_MILLIS);
        }
    }

    private boolean with(Deed deed) {
        var current = leadership;
        if (current == null || !leading) {
            return false;
        }
        try {
            deed.on(current);
        } catch (StoreException fault) {
            stepDown(fault.getMessage());
            later(this::lead, RETRY_MILLIS);
        }
        return true;
    }

    private interface Deed {
        void on(Leadership leadership) throws StoreException;
    }

    /// Does a task on the loop. From any thread; never blocks.
    Offer offer(Task task) {
        if (waiting.incrementAndGet() > properties.tasksMax()) {
            waiting.decrementAndGet();
            return Offer.FULL;
        }
        boolean taken = execute(() -> {
            waiting.decrementAndGet();
            if (!with(task::lead)) {
                task.notLeading();
            }
        });
        return taken ? Offer.ACCEPTED : Offer.CLOSED;
    }

    private boolean execute(Runnable action) {
        try {
            loop.execute(() -> {
                try {
                    action.run();
                } catch (RuntimeException bug) {
                    log.error("the coordinator's loop met a bug", bug);
                    stepDown("of a bug");
                    later(this::lead, REFUSED_RETRY_MILLIS);
                }
            });
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private void later(Runnable action, long millis) {
        try {
            loop.schedule(() -> execute(action), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("closed");
        }
    }

    Topology topology() {
        return topology;
    }

    boolean isLeading() {
        return leading;
    }

    boolean isSelf(Leader leader) {
        return leader.equals(self);
    }

    /// Who leads, or did last, as far as is known.
    Optional<Leader> leader() {
        return Optional.ofNullable(publisher.state().leader());
    }

    /// Why this replica cannot do its work as it is configured.
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// Steps down in order, so that another leads at once.
    @Override
    public void close() {
        execute(() -> {
            elected = false;
            stepDown("closing");
        });
        loop.shutdown();
        try {
            if (!loop.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                loop.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (begun) {
            election.close();
            store.close();
        }
    }
}
