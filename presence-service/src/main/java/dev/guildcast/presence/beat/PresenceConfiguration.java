package dev.guildcast.presence.beat;

import dev.guildcast.contract.SessionId;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.announce.PresenceAnnouncer;
import dev.guildcast.presence.announce.PresencePublisher;
import dev.guildcast.presence.announce.UserGuilds;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.liveness.PresenceStore;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.clock.MonotonicClock;
import dev.guildcast.shard.stream.ClosedSessionConsumer;
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
class PresenceConfiguration {
    /// Granularity of the flap window, of retries and of store writes; short against the flap default of 1 s.
    private static final long TICK_MILLIS = 50;
    private static final String STORE = "presence-store";
    private static final Logger log = LoggerFactory.getLogger(PresenceConfiguration.class);

    @Bean
    PresenceClocks presenceClocks() {
        return new PresenceClocks(new MonotonicClock(), Clock.systemUTC());
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
            PresenceClocks clocks) {
        return new GuardedPresenceStore(
                store,
                CallGuard.named(
                        STORE,
                        STORE,
                        "presences are served from memory, and writes are queued; users whose hosts report to another"
                                + " instance appear offline to new lookups here",
                        breakers,
                        bulkheads,
                        limits),
                clocks.elapsed());
    }

    @Bean
    PresenceTracker presenceTracker(
            PresenceClocks clocks,
            ScheduledExecutorService presenceLoop,
            PresenceProperties properties,
            GuardedPresenceStore store,
            UserGuilds guilds,
            PresencePublisher publisher,
            MeterRegistry registry) {
        return new PresenceTracker(
                clocks,
                presenceLoop,
                properties,
                store,
                new PresenceAnnouncer(guilds, publisher),
                new PresenceMetrics(registry));
    }

    /// Cancelled with the context.
    @Bean(destroyMethod = "close")
    TickSchedule presenceTicks(ScheduledExecutorService presenceLoop, PresenceTracker tracker) {
        return new TickSchedule(presenceLoop.scheduleWithFixedDelay(
                () -> tick(tracker), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Bean
    GrpcPresenceEndpoint presenceEndpoint(PresenceTracker tracker) {
        return new GrpcPresenceEndpoint(tracker);
    }

    /// A closed session no longer counts for the presence, whether or not its host reports the end. Every instance
    /// reads the whole topic, from its end at start, and only hands the session to the presence loop.
    @Bean
    Consumer<byte[]> sessionLifecycle(PresenceTracker tracker) {
        return new ClosedSessionConsumer(closed -> SessionId.parse(closed.getSessionId())
                .ifPresent(id -> tracker.offerSessionClosed(
                        closed.getUserId(), SessionState.sessionKey(id), closed.getOffset())));
    }

    private static void tick(PresenceTracker tracker) {
        try {
            tracker.onTick();
        } catch (RuntimeException e) {
            // A bug; the next tick continues with the other users.
            log.error("a tick of the presence loop failed, continuing with the next: please report this bug", e);
        }
    }

    record TickSchedule(ScheduledFuture<?> future) implements AutoCloseable {
        @Override
        public void close() {
            future.cancel(false);
        }
    }
}
