package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards of one process: starts, claims and stops them as it is told, and reports how they fare.
///
/// - **Owner:** directives come from the registration's thread and run on the node's own; queries from any thread.
/// - **Bound:** one loop thread for each shard it is told to follow or own.
/// - **Promise:** a shard that ends by itself is reported; where nobody places shards, it is started again after a
///   pause.
public final class ShardNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShardNode.class);
    private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
    private static final Duration JOIN_AT_MOST = Duration.ofSeconds(5);

    private final String nodeId;
    private final ShardStorage storage;
    private final ShardFactory factory;
    private final NodeRegistration registration;
    private final Function<ShardId, ShardSettings> settings;
    private final Function<ShardId, ShardCounters> counters;
    private final boolean restartByItself;
    private final Map<ShardId, ShardLoop<?>> loops = new ConcurrentHashMap<>();
    /// Incarnations that ended and were not reported yet, and CPU time reported before.
    private final Map<ShardId, ShardStatus> ended = new ConcurrentHashMap<>();
    private final Map<ShardId, Long> cpuReported = new HashMap<>();
    private final ScheduledExecutorService worker;
    private volatile boolean closed;

    /// @param settings bounds by shard
    /// @param counters what each shard counts
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
        this.restartByItself = registration instanceof StaticRegistration;
        this.worker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("shard-node").daemon(true).factory());
    }

    public void start() {
        registration.start(
                new NodeRegistration.Directives() {
                    @Override
                    public void follow(ShardId shard) {
                        worker.execute(() -> ensure(shard));
                    }

                    @Override
                    public void claim(ShardId shard, long epoch) {
                        worker.execute(() -> ensure(shard).claim(epoch));
                    }

                    @Override
                    public void release(ShardId shard) {
                        worker.execute(() -> {
                            var loop = loops.get(shard);
                            if (loop != null) {
                                loop.release("released");
                            }
                        });
                    }
                },
                this::reports);
    }

    /// The shard, if an incarnation runs here; it may be anything but stopped.
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

    /// Asks to be rid of every shard, and waits until all are gone elsewhere.
    ///
    /// @return whether none is left
    public boolean drain(Duration atMost) throws InterruptedException {
        registration.leave();
        long until = System.nanoTime() + atMost.toNanos();
        while (!loops.isEmpty() && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return loops.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        registration.close();
        worker.shutdownNow();
        loops.values().forEach(loop -> loop.release("shutting down"));
        try {
            for (var loop : loops.values()) {
                if (!loop.join(JOIN_AT_MOST)) {
                    log.warn("{} did not end within {}", loop.id(), JOIN_AT_MOST);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        storage.close();
    }

    private ShardLoop<?> ensure(ShardId shard) {
        var running = loops.get(shard);
        if (running != null && running.status().role() != Role.STOPPED) {
            return running;
        }
        var loop = create(shard, factory.create(shard));
        ended.remove(shard);
        loops.put(shard, loop);
        loop.start();
        return loop;
    }

    private <R> ShardLoop<R> create(ShardId shard, ShardDefinition<R> definition) {
        // The end is reported by identity: a successor of the same shard may be running by then.
        var self = new ArrayList<ShardLoop<R>>(1);
        var loop = new ShardLoop<>(
                shard,
                nodeId,
                definition,
                storage,
                settings.apply(shard),
                counters.apply(shard),
                registration::reportSoon,
                () -> onEnd(shard, self.getFirst()));
        self.add(loop);
        return loop;
    }

    private void onEnd(ShardId shard, ShardLoop<?> loop) {
        var status = loop.status();
        log.info("{} ended: {}", shard, status.stopReason());
        ended.put(shard, status);
        loops.remove(shard, loop);
        if (closed) {
            return;
        }
        if (restartByItself) {
            worker.schedule(() -> ensure(shard).claim(0), RESTART_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        }
        registration.reportSoon();
    }

    private synchronized List<ShardReport> reports() {
        var reports = new ArrayList<ShardReport>();
        for (var status : statuses()) {
            reports.add(status.report(cpuReported.getOrDefault(status.shard(), 0L)));
            cpuReported.put(status.shard(), status.cpuMicros());
        }
        for (var shard : List.copyOf(ended.keySet())) {
            var status = ended.remove(shard);
            if (status != null && !loops.containsKey(shard)) {
                reports.add(status.report(status.cpuMicros()));
                cpuReported.remove(shard);
            }
        }
        return reports;
    }
}
