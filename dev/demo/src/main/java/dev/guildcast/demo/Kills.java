package dev.guildcast.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Kills one of each service, one after the other, spread over the traffic.
final class Kills implements AutoCloseable {
    private static final List<String> VICTIMS = List.of("gateway-service-1", "session-service-1", "fanout-service-1");

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kills").factory());

    private final List<Future<?>> pending = new ArrayList<>();

    /// Begins now.
    Kills(DemoSuite suite, int seconds, Screen screen) {
        for (int i = 0; i < VICTIMS.size(); i++) {
            String victim = VICTIMS.get(i);
            long at = seconds * 1000L * (i + 1) / (VICTIMS.size() + 1);
            pending.add(thread.schedule(
                    () -> screen.say(suite.kill(victim) ? "kill -9 " + victim : victim + " could not be killed"),
                    at,
                    TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public void close() {
        pending.forEach(each -> each.cancel(false));
        thread.shutdownNow();
    }
}
