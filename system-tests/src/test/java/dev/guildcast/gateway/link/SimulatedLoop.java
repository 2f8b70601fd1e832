package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongSupplier;

/// The event loop of a [SimulatedGateway]: tasks run at once, and delayed ones when the simulator's clock has come to
/// them.
///
/// - **Owner:** the simulator's thread.
final class SimulatedLoop implements Loop {
    private final Random random;
    private final LongSupplier nanoTime;
    private final PriorityQueue<ScheduledTask> timers = new PriorityQueue<>();
    private long timersCreated;

    SimulatedLoop(Random random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    void runDueTasks() {
        while (!timers.isEmpty() && timers.peek().atNanos <= nanoTime.getAsLong()) {
            var due = timers.remove();
            if (!due.cancelled) {
                due.task.run();
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    /// Production adds random delays of its own; here the seed determines them, so that runs are repeatable.
    @Override
    public Timer schedule(Runnable task, Duration delay) {
        long millis = delay.toMillis() < 1_000
                ? 100 + random.nextInt(200)
                : delay.toMillis() < 5_000 ? 1_500 + random.nextInt(3_000) : delay.toMillis();
        var due = new ScheduledTask(nanoTime.getAsLong() + millis * 1_000_000, ++timersCreated, task);
        timers.add(due);
        return due;
    }

    private static final class ScheduledTask implements Comparable<ScheduledTask>, Loop.Timer {
        private final long atNanos;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        private ScheduledTask(long atNanos, long order, Runnable task) {
            this.atNanos = atNanos;
            this.order = order;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(ScheduledTask other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
