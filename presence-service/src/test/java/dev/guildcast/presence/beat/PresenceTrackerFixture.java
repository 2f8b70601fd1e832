package dev.guildcast.presence.beat;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.presence.announce.PresenceAnnouncer;
import dev.guildcast.presence.announce.UserGuilds.GuildsOfUser;
import dev.guildcast.presence.liveness.FaultyPresenceStore;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionGone;
import dev.guildcast.presence.v1.SessionPresence;
import dev.guildcast.presence.v1.UserPresence;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.testing.ManualClock;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// One presence instance with a clock, a store, the guilds of its users and a recording publisher, all controlled by
/// the test. Everything runs on the thread of the test, and one TTL has passed since the start.
abstract class PresenceTrackerFixture {
    static final long A = 100000000000000001L;
    static final long G1 = 197038439483310086L;
    static final long G2 = 41771983423143937L;
    static final String CHESS = "{\"name\":\"chess\",\"type\":0}";

    final ManualClock clock = new ManualClock();
    final ManualClock wallClock = new ManualClock();
    final FaultyPresenceStore store = new FaultyPresenceStore(clock);
    final Map<Long, List<Long>> guilds = new HashMap<>(Map.of(A, List.of(G1)));
    final List<String> published = new ArrayList<>();
    final List<Long> publishedUsers = new ArrayList<>();
    int publicationsToFail;
    PresenceTracker tracker = start();

    @BeforeEach
    void passOneTtl() {
        elapse(Duration.ofSeconds(61));
    }

    PresenceTracker start() {
        var breaker = CircuitBreaker.of(
                "presence-store",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(20)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .clock(clock)
                        .build());
        var guard = new CallGuard(breaker, Bulkhead.ofDefaults("b"), TimeLimiter.of(Duration.ofSeconds(30)));
        var properties = new PresenceProperties(
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                100);
        var announcer = new PresenceAnnouncer(
                users -> Flux.fromIterable(users)
                        .filter(guilds::containsKey)
                        .map(user -> new GuildsOfUser(user, guilds.getOrDefault(user, List.of()))),
                (guild, user, presence) -> Mono.defer(() -> {
                    if (publicationsToFail-- > 0) {
                        return Mono.error(new IllegalStateException("no broker"));
                    }
                    published.add(presence.updateJson(user, guild));
                    publishedUsers.add(user);
                    return Mono.empty();
                }));
        return new PresenceTracker(
                new PresenceClocks(clock, wallClock),
                Runnable::run,
                properties,
                new GuardedPresenceStore(store, guard, clock),
                announcer,
                new PresenceMetrics(new SimpleMeterRegistry()));
    }

    void passFlapWindow() {
        elapse(Duration.ofMillis(1100));
    }

    void elapse(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 50) {
            clock.advance(Duration.ofMillis(50));
            wallClock.advance(Duration.ofMillis(50));
            tracker.onTick();
        }
    }

    void beatFor(Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 20) {
            beat(1, 10);
            elapse(Duration.ofSeconds(20));
        }
        beat(1, 10);
    }

    List<SessionBeat> beat(long session, long version) {
        return tracker.offerBatch(BeatBatch.newBuilder()
                        .addBeats(SessionBeat.newBuilder()
                                .setUserId(A)
                                .setSession(session)
                                .setVersion(version))
                        .build())
                .blockOptional()
                .orElseThrow();
    }

    void report(long session, long version, String status, String... activities) {
        tracker.offerBatch(BeatBatch.newBuilder()
                        .addStates(state(A, session, version, status, activities))
                        .build())
                .block();
    }

    void endSession(long session, long version) {
        tracker.offerBatch(BeatBatch.newBuilder()
                        .addGone(SessionGone.newBuilder()
                                .setUserId(A)
                                .setSession(session)
                                .setVersion(version))
                        .build())
                .block();
    }

    static SessionPresence state(long user, long session, long version, String status, String... activities) {
        var presence = Presence.newBuilder().setStatus(status);
        for (String activity : activities) {
            presence.addActivities(ByteString.copyFromUtf8(activity));
        }
        return SessionPresence.newBuilder()
                .setUserId(user)
                .setSession(session)
                .setVersion(version)
                .setPresence(presence)
                .setBot(true)
                .build();
    }

    List<UserPresence> lookup(long... users) {
        return tracker.lookUp(Arrays.stream(users).boxed().toList())
                .blockOptional()
                .orElseThrow();
    }

    int storedSessionCount() {
        return store.load(A).blockOptional().orElseThrow().sessions().size();
    }
}
