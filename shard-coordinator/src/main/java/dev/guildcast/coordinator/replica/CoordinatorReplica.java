package dev.guildcast.coordinator.replica;

import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.store.CoordinatorStore;
import dev.guildcast.coordinator.store.LeaderElection;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.coordinator.topics.TopicAdmin;
import dev.guildcast.coordinator.topics.TopicMismatchException;
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

/// One replica of the coordinator: follows the decisions of the leader, and makes them while it leads.
///
/// - **Owner:** its loop thread. It may block on the store while it leads; the map is served from other threads.
/// - **Bound:** `tasksMax` requests wait for the loop.
/// - **Promise:** leads only between an election and a failure; a decision that could not be committed has no effect.
public final class CoordinatorReplica implements LeaderElection.Candidate, AutoCloseable {
    /// Whether a request was accepted.
    public enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /// A request that only the leader can serve; another replica rejects it.
    public interface LeaderRequest {
        void runAsLeader(LeaderTerm leadership) throws StoreException;

        void rejectNotLeader();
    }

    private static final Logger log = LoggerFactory.getLogger(CoordinatorReplica.class);
    /// Before another attempt after Kafka failed: short, because nothing is placed meanwhile.
    private static final long RETRY_DELAY_MILLIS = 500;

    /// Before another attempt after a mismatch or a bug, which last until a person acts.
    private static final long MISMATCH_RETRY_DELAY_MILLIS = 5_000;

    /// For the loop to end; above `coordinator.store.patience`, 10 s by default, for which it may block.
    private static final long CLOSE_TIMEOUT_SECONDS = 15;

    private final CoordinatorStore store;
    private final LeaderElection election;
    private final TopicAdmin topics;
    private final ReplicaSettings settings;
    private final Topology topology;
    private final ShardMapPublisher publisher;
    private final CoordinatorMetrics metrics;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService loop;
    private final AtomicInteger queuedRequests = new AtomicInteger();

    private volatile @Nullable Leader self;
    private ClusterState followedState = ClusterState.EMPTY;
    private boolean elected;
    private boolean following;
    private @Nullable LeaderTerm leaderTerm;
    private volatile boolean leading;
    private volatile @Nullable String configurationError;
    private final CompletableFuture<Void> initialized = new CompletableFuture<>();

    /// @param nanoTime nanoseconds of a clock that never goes back
    public CoordinatorReplica(
            ReplicaKafka kafka,
            ReplicaSettings settings,
            ShardMapPublisher publisher,
            CoordinatorMetrics metrics,
            LongSupplier nanoTime) {
        this.store = kafka.store();
        this.election = kafka.election();
        this.topics = kafka.topics();
        this.settings = settings;
        this.topology = settings.topology();
        this.publisher = publisher;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.loop = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("coordinator-loop").factory());
    }

    /// Starts to follow and joins the election as soon as Kafka is available; returns at once.
    public void start(Leader self) {
        loop.execute(() -> {
            this.self = self;
            startFollowing();
        });
        long every = settings.lease().checkEvery().toMillis();
        loop.scheduleWithFixedDelay(this::onTick, every, every, TimeUnit.MILLISECONDS);
    }

    /// Waits until this replica leads, or follows one that does.
    ///
    /// @throws ConfigurationMismatchException if its configuration does not match the installation's; the message
    ///     says how
    public void awaitInitialized(Duration timeout) {
        try {
            initialized.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException rejected) {
            throw new ConfigurationMismatchException(String.valueOf(configurationError));
        } catch (TimeoutException away) {
            log.warn(
                    "Kafka did not answer within {}: this replica starts without it, is not ready and tries again every {} ms;"
                            + " check guildcast.kafka.bootstrap-servers and the brokers",
                    timeout,
                    RETRY_DELAY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void startFollowing() {
        try {
            topics.ensure(List.of(settings.plan().coordinatorState()));
        } catch (TopicsUnavailableException away) {
            log.warn("Kafka is unavailable, trying again: {}", away.getMessage());
            schedule(this::startFollowing, RETRY_DELAY_MILLIS);
            return;
        } catch (TopicMismatchException differ) {
            rejectConfiguration(differ.getMessage());
            schedule(this::startFollowing, MISMATCH_RETRY_DELAY_MILLIS);
            return;
        }
        configurationError = null;
        following = true;
        store.follow(decision -> execute(() -> onDecision(decision)));
        election.start(this);
    }

    private void onDecision(Decision decision) {
        if (decision.revision() <= followedState.revision()) {
            return;
        }
        followedState = followedState.with(decision);
        if (!topology.equals(decision.topology())) {
            rejectTopology(decision.topology());
            return;
        }
        publisher.publish(followedState);
        if (decision.topicsReady()) {
            initialized.complete(null);
        }
    }

    @Override
    public void onElected() {
        execute(() -> {
            elected = true;
            tryLead();
        });
    }

    @Override
    public void onDeposed() {
        execute(() -> {
            elected = false;
            stepDown("the election has assigned another replica");
        });
    }

    private void tryLead() {
        var leader = self;
        if (!elected || leaderTerm != null || leader == null) {
            return;
        }
        try {
            var leaderStore = store.openAsLeader();
            var initialState = leaderStore.initialState();
            if (initialState.topology() != null && !initialState.topology().equals(topology)) {
                rejectTopology(initialState.topology());
                leaderStore.close();
                schedule(this::tryLead, MISMATCH_RETRY_DELAY_MILLIS);
                return;
            }
            var newTerm = new LeaderTerm(leaderStore, leader, settings, publisher, metrics, nanoTime);
            leaderTerm = newTerm;
            log.info("replica {} is the leader from revision {}", leader.id(), initialState.revision());
            newTerm.recordLeader(initialState.topicsReady());
            topics.ensure(settings.plan().shardTopics(topology));
            newTerm.recordLeader(true);
            configurationError = null;
            leading = true;
            initialized.complete(null);
            metrics.onBecameLeader();
        } catch (StoreException | TopicsUnavailableException fault) {
            stepDown(fault.getMessage());
            schedule(this::tryLead, RETRY_DELAY_MILLIS);
        } catch (TopicMismatchException differ) {
            rejectConfiguration(differ.getMessage());
            markTopicsNotReady();
            schedule(this::tryLead, MISMATCH_RETRY_DELAY_MILLIS);
        }
    }

    private void markTopicsNotReady() {
        var current = leaderTerm;
        if (current != null) {
            try {
                current.recordLeader(false);
            } catch (StoreException fault) {
                log.debug("could not commit that the topics are not ready: {}", fault.getMessage());
            }
        }
        stepDown("the topics do not match the configuration");
    }

    private void rejectTopology(Topology installed) {
        rejectConfiguration("guildcast.topology.* is " + describe(topology) + " (expected: " + describe(installed)
                + ", with which the topics were created)");
    }

    private static String describe(Topology value) {
        return "guild-shards=" + value.guildShards() + " dedicated-shards=" + value.dedicatedShards() + " user-shards="
                + value.userShards() + " session-shards=" + value.sessionShards();
    }

    private void rejectConfiguration(@Nullable String reason) {
        if (!String.valueOf(reason).equals(configurationError)) {
            log.error("this replica cannot lead or follow, correct its configuration: {}", reason);
        }
        configurationError = String.valueOf(reason);
        initialized.completeExceptionally(new ConfigurationMismatchException(String.valueOf(reason)));
    }

    private void stepDown(@Nullable String reason) {
        var previous = leaderTerm;
        leaderTerm = null;
        leading = false;
        if (previous != null) {
            log.info(
                    "this replica is no longer the leader: {}; shards stay where they are until a replica leads",
                    reason);
            previous.end();
        }
    }

    private void onTick() {
        try {
            runAsLeader(LeaderTerm::onTick);
        } catch (RuntimeException bug) {
            log.error("the leader's tick failed, stepping down: please report this bug", bug);
            stepDown("a bug, logged before");
            schedule(this::tryLead, MISMATCH_RETRY_DELAY_MILLIS);
        }
    }

    private boolean runAsLeader(LeaderTask task) {
        var current = leaderTerm;
        if (current == null || !leading) {
            return false;
        }
        try {
            task.run(current);
        } catch (StoreException fault) {
            stepDown(fault.getMessage());
            schedule(this::tryLead, RETRY_DELAY_MILLIS);
        }
        return true;
    }

    private interface LeaderTask {
        void run(LeaderTerm leadership) throws StoreException;
    }

    /// Requests that may wait for the loop.
    public int tasksMax() {
        return settings.map().tasksMax();
    }

    /// Queues a request for the loop. From any thread; never blocks.
    public Offer offer(LeaderRequest request) {
        if (queuedRequests.incrementAndGet() > tasksMax()) {
            queuedRequests.decrementAndGet();
            return Offer.FULL;
        }
        boolean accepted = execute(() -> {
            queuedRequests.decrementAndGet();
            if (!runAsLeader(request::runAsLeader)) {
                request.rejectNotLeader();
            }
        });
        return accepted ? Offer.ACCEPTED : Offer.CLOSED;
    }

    private boolean execute(Runnable action) {
        try {
            loop.execute(() -> {
                try {
                    action.run();
                } catch (RuntimeException bug) {
                    log.error("a task of the coordinator's loop failed, stepping down: please report this bug", bug);
                    stepDown("a bug, logged before");
                    schedule(this::tryLead, MISMATCH_RETRY_DELAY_MILLIS);
                }
            });
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private void schedule(Runnable action, long millis) {
        try {
            loop.schedule(() -> execute(action), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("not scheduled: this replica is closed");
        }
    }

    Topology topology() {
        return topology;
    }

    public boolean isLeading() {
        return leading;
    }

    public boolean isSelf(Leader leader) {
        return leader.equals(self);
    }

    /// The leader, or the last one, if known.
    public Optional<Leader> leader() {
        return Optional.ofNullable(publisher.state().leader());
    }

    /// Why the configuration of this replica is rejected; empty if it is accepted.
    public Optional<String> configurationError() {
        return Optional.ofNullable(configurationError);
    }

    /// Steps down in an orderly way, so that another replica leads at once.
    @Override
    public void close() {
        execute(() -> {
            elected = false;
            stepDown("closing");
        });
        loop.shutdown();
        try {
            if (!loop.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                loop.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (following) {
            election.close();
            store.close();
        }
    }
}
