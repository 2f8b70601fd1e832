package dev.guildcast.shard.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.coordination.NodeRegistration;
import dev.guildcast.shard.coordination.StaticRegistration;
import dev.guildcast.shard.process.IncarnationId;
import dev.guildcast.shard.process.ShardLoop;
import dev.guildcast.shard.storage.ShardStorage;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards of one process: starts, claims and stops them by directives, and reports their state.
///
/// - **Owner:** directives come from the registration's thread and run on the node's own; queries from any thread.
/// - **Bound:** one loop thread for each shard that it follows or owns.
/// - **Promise:** a shard that ends by itself is reported; without a coordinator it is restarted after a delay.
public final class ShardNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShardNode.class);
    /// Delay before a shard is restarted without a coordinator: keeps a shard that fails at once from spinning.
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
    /// Wait for each shard's thread at shutdown: a loop turn takes milliseconds, but a restore may be blocked on Kafka.
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(5);

    private final String nodeId;
    private final ShardStorage storage;
    private final ShardFactory factory;
    private final NodeRegistration registration;
    private final Function<ShardId, ShardSettings> settings;
    private final Function<ShardId, ShardCounters> counters;
    private final boolean restartsLocally;
    private final Map<ShardId, ShardLoop<?>> loops = new ConcurrentHashMap<>();
    /// Last status of incarnations that ended and were not reported yet.
    private final Map<ShardId, ShardStatus> unreportedEnds = new ConcurrentHashMap<>();
    /// CPU time contained in earlier reports, in microseconds.
    private final Map<ShardId, Long> reportedCpuMicros = new HashMap<>();
    private final ScheduledExecutorService executor;
    private volatile boolean closed;

    /// @param settings bounds by shard
    /// @param counters counters by shard
    public ShardNode(
            String nodeId,
            ShardStorage storage,
            ShardFactory factory,
            NodeRegistration registration,
            Function<ShardId, ShardSettings> settings,
            Function<ShardId, ShardCounters> counters) {
        this.nodeId = nodeId;
        this.storage = storage;
        this.factory = factory;
        this.registration = registration;
        this.settings = settings;
        this.counters = counters;
        this.restartsLocally = registration instanceof StaticRegistration;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("shard-node").daemon(true).factory());
    }

    public void start() {
        storage.onLostChange(registration::reportSoon);
        registration.start(
                new NodeRegistration.Directives() {
                    @Override
                    public void follow(ShardId shard) {
                        executor.execute(() -> ensureRunning(shard));
                    }

                    @Override
                    public void claim(ShardId shard, long epoch) {
                        executor.execute(() -> ensureRunning(shard).claim(epoch));
                    }

                    @Override
                    public void release(ShardId shard) {
                        executor.execute(() -> {
                            var loop = loops.get(shard);
                            if (loop != null) {
                                loop.release("released");
                            }
                        });
                    }
                },
                new NodeRegistration.Reports() {
                    @Override
                    public List<ShardReport> shards() {
                        return reports();
                    }

                    @Override
                    public boolean storageLost() {
                        return storage.isLost();
                    }
                });
    }

    /// The shard, if an incarnation of it runs here, in whatever role.
    public Optional<OwnedShard> shard(ShardId shard) {
        return Optional.ofNullable(loops.get(shard));
    }

    /// Every shard that runs here, in order.
    public List<ShardStatus> statuses() {
        return loops.values().stream()
                .map(ShardLoop::status)
                .sorted(Comparator.comparing(ShardStatus::shard))
                .toList();
    }

    /// Asks the coordinator to move every shard away, and waits until all have been released.
    ///
    /// @return whether none is left
    public boolean drain(Duration timeout) throws InterruptedException {
        registration.leave();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!loops.isEmpty() && System.nanoTime() - deadline < 0) {
            // Short against the time that a move takes, which is some hundred milliseconds.
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return loops.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        registration.close();
        executor.shutdownNow();
        loops.values().forEach(loop -> loop.release("shutting down"));
        try {
            for (var loop : loops.values()) {
                if (!loop.join(JOIN_TIMEOUT)) {
                    log.warn(
                            "the thread of {} did not end within {}; shutdown goes on without it",
                            loop.id(),
                            JOIN_TIMEOUT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        storage.close();
    }

    private ShardLoop<?> ensureRunning(ShardId shard) {
        var running = loops.get(shard);
        if (running != null && running.status().role() != Role.STOPPED) {
            return running;
        }
        var loop = create(shard, factory.create(shard));
        unreportedEnds.remove(shard);
        loops.put(shard, loop);
        loop.start();
        return loop;
    }

    private <R> ShardLoop<R> create(ShardId shard, ShardDefinition<R, ?> definition) {
        return new ShardLoop<>(
                new IncarnationId(shard, ThreadLocalRandom.current().nextLong(), nodeId),
                definition,
                storage,
                settings.apply(shard),
                counters.apply(shard),
                new ShardLoop.Listener() {
                    @Override
                    public void onRoleChange() {
                        registration.reportSoon();
                    }

                    @Override
                    public void onEnd(ShardLoop<?> loop) {
                        ShardNode.this.onEnd(loop);
                    }
                });
    }

    // By loop, not by shard: a successor of the same shard may be running by now.
    private void onEnd(ShardLoop<?> loop) {
        var shard = loop.id();
        var status = loop.status();
        log.info("shard {} stopped on this node: {}", shard, status.stopReason());
        unreportedEnds.put(shard, status);
        loops.remove(shard, loop);
        if (closed) {
            return;
        }
        if (restartsLocally) {
            executor.schedule(() -> ensureRunning(shard).claim(0), RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
        registration.reportSoon();
    }

    private synchronized List<ShardReport> reports() {
        var reports = new ArrayList<ShardReport>();
        for (var status : statuses()) {
            reports.add(status.toReport(reportedCpuMicros.getOrDefault(status.shard(), 0L)));
            reportedCpuMicros.put(status.shard(), status.cpuMicros());
        }
        for (var shard : List.copyOf(unreportedEnds.keySet())) {
            var status = unreportedEnds.remove(shard);
            if (status != null && !loops.containsKey(shard)) {
                reports.add(status.toReport(status.cpuMicros()));
                reportedCpuMicros.remove(shard);
            }
        }
        return reports;
    }
}
