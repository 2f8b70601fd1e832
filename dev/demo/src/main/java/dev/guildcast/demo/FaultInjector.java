package dev.guildcast.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Kills one of each service, one after the other, spread over the traffic.
final class FaultInjector implements AutoCloseable {
    private static final List<String> TARGETS = List.of("gateway-service-1", "session-service-1", "fanout-service-1");

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kills").factory());

    private final List<Future<?>> scheduled = new ArrayList<>();

    /// Starts the schedule now.
    FaultInjector(DemoSuite suite, int seconds, DemoConsole console) {
        for (int i = 0; i < TARGETS.size(); i++) {
            String target = TARGETS.get(i);
            long delayMillis = seconds * 1000L * (i + 1) / (TARGETS.size() + 1);
            scheduled.add(thread.schedule(
                    () -> console.report(suite.kill(target) ? "kill -9 " + target : target + " could not be killed"),
                    delayMillis,
                    TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public void close() {
        scheduled.forEach(each -> each.cancel(false));
        thread.shutdownNow();
    }
}
