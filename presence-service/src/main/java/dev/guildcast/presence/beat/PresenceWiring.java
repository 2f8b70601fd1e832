package dev.guildcast.presence.beat;

import dev.guildcast.presence.event.PresenceAnnouncer;
import dev.guildcast.presence.event.PresencePublisher;
import dev.guildcast.presence.event.UserGuilds;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.liveness.PresenceStore;
import dev.guildcast.shard.call.CallGuard;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PresenceWiring {
    private static final long TICK_MILLIS = 50;
    private static final String STORE = "presence-store";
    private static final Logger LOG = LoggerFactory.getLogger(PresenceWiring.class);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService presenceLoop() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("presence-loop").daemon().factory());
    }

    @Bean
    GuardedPresenceStore guardedPresenceStore(
            PresenceStore store,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits,
            Clock clock) {
        return new GuardedPresenceStore(store, CallGuard.named(STORE, STORE, breakers, bulkheads, limits), clock);
    }

    @Bean
    Presences presences(
            Clock clock,
            ScheduledExecutorService presenceLoop,
            PresenceProperties properties,
            GuardedPresenceStore store,
            UserGuilds guilds,
            PresencePublisher publisher,
            MeterRegistry registry) {
        return new Presences(
                clock,
                presenceLoop,
                properties,
                store,
                new PresenceAnnouncer(guilds, publisher),
                new PresenceMetrics(registry));
    }

    /// Cancelled with the context.
    @Bean(destroyMethod = "close")
    Ticks presenceTicks(ScheduledExecutorService presenceLoop, Presences presences) {
        return new Ticks(presenceLoop.scheduleWithFixedDelay(
                () -> tick(presences), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Bean
    GrpcPresenceEndpoint presenceEndpoint(Presences presences) {
        return new GrpcPresenceEndpoint(presences);
    }

    @Bean
    Consumer<byte[]> sessionLifecycle(Presences presences) {
        return new LifecycleInlet(presences);
    }

    private static void tick(Presences presences) {
        try {
            presences.onTick();
        } catch (RuntimeException e) {
            // A bug; the next tick goes on with everybody else.
            LOG.error("a tick of the presence loop failed", e);
        }
    }

    record Ticks(ScheduledFuture<?> future) implements AutoCloseable {
        @Override
        public void close() {
            future.cancel(false);
        }
    }
}
