package dev.guildcast.shard.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether this node reaches Kafka: it asks for the state of the cluster all the time, which any broker answers, and
/// has lost Kafka when none has for [#LOST_AFTER].
///
/// A single partition without a leader, or a single broker that is away, is no loss of Kafka. Nor is a pause of this
/// process, during which it could read no answer: of the time between two ticks [#TICK_MAX] counts at most.
///
/// - **Owner:** the thread that calls [#onTick]; answers come, and queries may be made, from any thread.
/// - **Bound:** one probe in flight.
final class KafkaReachability {
    /// Within 2 s the coordinator must know: this, the time of a probe and of a report.
    static final Duration LOST_AFTER = Duration.ofMillis(1_500);
    /// Between the start of two probes: several fit into [#LOST_AFTER], so that the answer to one may be lost.
    static final Duration PROBE_EVERY = Duration.ofMillis(250);
    /// A probe that takes longer fails: two brokers can be asked before Kafka counts as lost.
    static final Duration PROBE_TIMEOUT = Duration.ofMillis(700);
    /// Between two ticks.
    static final Duration TICK = Duration.ofMillis(100);
    /// Much later than a tick is due, the process was paused.
    private static final Duration TICK_MAX = Duration.ofMillis(300);

    private static final Logger log = LoggerFactory.getLogger(KafkaReachability.class);

    private final Supplier<CompletionStage<?>> probe;
    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private long lastTickNanos;
    /// Time during which this process has run.
    private long runningNanos;
    private long nextProbeNanos;
    private boolean probing;
    /// When the newest probe that was answered was sent.
    private long answeredNanos;
    private boolean lost;

    /// @param probe asks any broker; fails within [#PROBE_TIMEOUT]
    KafkaReachability(Supplier<CompletionStage<?>> probe, LongSupplier nanoTime) {
        this.probe = probe;
        this.nanoTime = nanoTime;
        this.lastTickNanos = nanoTime.getAsLong();
    }

    /// Whether no broker has answered for [#LOST_AFTER].
    synchronized boolean lost() {
        return lost;
    }

    /// Calls `listener` when [#lost] changes, on the thread of the ticks.
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void onTick() {
        boolean changed;
        boolean probeNow;
        long sentNanos;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            runningNanos += Math.min(now - lastTickNanos, TICK_MAX.toNanos());
            lastTickNanos = now;
            boolean lostNow = runningNanos - answeredNanos > LOST_AFTER.toNanos();
            changed = lostNow != lost;
            lost = lostNow;
            probeNow = !probing && runningNanos - nextProbeNanos >= 0;
            probing |= probeNow;
            sentNanos = runningNanos;
            if (probeNow) {
                nextProbeNanos = runningNanos + PROBE_EVERY.toNanos();
            }
        }
        if (probeNow) {
            send(sentNanos);
        }
        if (changed) {
            logChange();
            listeners.forEach(Runnable::run);
        }
    }

    private void send(long sentNanos) {
        try {
            var unused = probe.get().whenComplete((answer, failure) -> onAnswer(sentNanos, failure == null));
        } catch (RuntimeException e) {
            onAnswer(sentNanos, false);
        }
    }

    private synchronized void onAnswer(long sentNanos, boolean answered) {
        probing = false;
        if (answered) {
            answeredNanos = Math.max(answeredNanos, sentNanos);
        }
    }

    private void logChange() {
        if (lost()) {
            log.warn(
                    "no broker of Kafka has answered for {}: this node serves none of its shards, which the coordinator"
                            + " moves to nodes that reach Kafka; check the network between this node and the brokers",
                    LOST_AFTER);
        } else {
            log.info("Kafka answers again");
        }
    }
}
