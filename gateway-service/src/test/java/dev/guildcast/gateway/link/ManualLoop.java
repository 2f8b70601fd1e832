package dev.guildcast.gateway.link;

import dev.guildcast.gateway.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A loop whose time the test turns by hand.
final class ManualLoop implements Loop {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> due = new ArrayList<>();
    private long nowNanos;

    private record Due(long atNanos, Runnable task) {}

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
        var entry = new Due(nowNanos + delay.toNanos(), task);
        due.add(entry);
        return () -> due.remove(entry);
    }

    void run() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    /// Lets time pass, running what falls due in order.
    void pass(Duration time) {
        long end = nowNanos + time.toNanos();
        while (true) {
            run();
            var next = due.stream().filter(it -> it.atNanos <= end).min(Comparator.comparingLong(it -> it.atNanos));
            if (next.isEmpty()) {
                nowNanos = end;
                return;
            }
            nowNanos = next.get().atNanos;
            due.remove(next.get());
            next.get().task.run();
        }
    }

    int timers() {
        return due.size();
    }
}
