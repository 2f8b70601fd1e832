package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A loop whose time the test advances.
final class ManualLoop implements Loop {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<ScheduledTask> timers = new ArrayList<>();
    private long nowNanos;

    private record ScheduledTask(long atNanos, Runnable task) {}

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
        var entry = new ScheduledTask(nowNanos + delay.toNanos(), task);
        timers.add(entry);
        return () -> timers.remove(entry);
    }

    void run() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    /// Advances the time and runs the tasks that become due, in order.
    void advance(Duration time) {
        long end = nowNanos + time.toNanos();
        while (true) {
            run();
            var next = timers.stream().filter(it -> it.atNanos <= end).min(Comparator.comparingLong(it -> it.atNanos));
            if (next.isEmpty()) {
                nowNanos = end;
                return;
            }
            nowNanos = next.get().atNanos;
            timers.remove(next.get());
            next.get().task.run();
        }
    }

    long nanoTime() {
        return nowNanos;
    }

    int timerCount() {
        return timers.size();
    }
}
