package dev.guildcast.presence.beat;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.presence.CallGuard;
import dev.guildcast.presence.ManualClock;
import dev.guildcast.presence.event.PresenceAnnouncer;
import dev.guildcast.presence.event.UserGuilds.GuildsOf;
import dev.guildcast.presence.liveness.FaultyPresenceStore;
import dev.guildcast.presence.liveness.FaultyPresenceStore.Mood;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionGone;
import dev.guildcast.presence.v1.SessionPresence;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PresencesTest {
    private static final long A = 100000000000000001L;
    private static final long G1 = 197038439483310086L;
    private static final long G2 = 41771983423143937L;
    private static final String CHESS = "{\"name\":\"chess\",\"type\":0}";

    private final ManualClock clock = new ManualClock();
    private final FaultyPresenceStore redis = new FaultyPresenceStore();
    private final Map<Long, List<Long>> guilds = new HashMap<>(Map.of(A, List.of(G1)));
    private final List<String> told = new ArrayList<>();
    private final List<Long> toldUsers = new ArrayList<>();
    private int publicationsToFail;
    private Presences presences = start();

    @BeforeEach
    void seeOneTtlPass() {
        elapse(Duration.ofSeconds(61));
    }

    @Test
    void tellsTheGuildOfAChangeOnce() {
        report(1, 10, "idle", CHESS);
        elapse(Duration.ofMillis(950));
        assertThat(told).isEmpty();
        elapse(Duration.ofMillis(100));
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("{\"user\":{\"id\":\"" + A + "\"},\"guild_id\":\"" + G1
                        + "\",\"status\":\"idle\",\"activities\":[{\"name\":\"chess\",\"type\":0,\"created_at\":")
                .endsWith("\"client_status\":{\"web\":\"idle\"}}");
        beat(1, 10);
        report(1, 11, "idle", CHESS);
        elapse(Duration.ofSeconds(10));
        assertThat(told).hasSize(1);
    }

    @Test
    void showsTheInvisibleAsOfflineAndTheirEndAsNoNews() {
        report(1, 10, "idle", CHESS);
        settle();
        report(1, 12, "invisible");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"offline\",\"activities\":[],\"client_status\":{}");
        int soFar = told.size();
        gone(1, 13);
        settle();
        assertThat(told).hasSize(soFar);
        report(2, 14, "online");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"online\"");
    }

    @Test
    void tellsEveryGuildOfTheUserOnce() {
        guilds.put(A, List.of(G1, G2));
        report(1, 10, "dnd");
        settle();
        assertThat(told)
                .hasSize(2)
                .anyMatch(d -> d.contains("\"" + G1 + "\""))
                .anyMatch(d -> d.contains("\"" + G2 + "\""));
    }

    @Test
    void swallowsAReconnectWithinTheFlapWindow() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        elapse(Duration.ofMillis(500));
        report(2, 21, "online");
        settle();
        assertThat(told).hasSize(1);
    }

    @Test
    void isOfflineWithinTwoSecondsOfTheLastSessionsEnd() {
        report(1, 10, "online");
        report(2, 11, "idle");
        settle();
        gone(1, 20);
        settle();
        assertThat(told.getLast()).contains("\"status\":\"idle\"");
        presences.offerClosed(A, 2, 30);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void asksForStatesItLacksOrHasInAnOlderVersion() {
        assertThat(beat(1, 10)).extracting(SessionBeat::getSession).containsExactly(1L);
        report(1, 10, "online");
        assertThat(beat(1, 10)).isEmpty();
        assertThat(beat(1, 11)).hasSize(1);
        report(1, 11, "dnd");
        assertThat(beat(1, 11)).isEmpty();
        assertThat(beat(1, 10)).isEmpty();
    }

    @Test
    void letsTheNewestVersionStandWhateverTheOrder() {
        report(1, 20, "dnd");
        report(1, 10, "idle");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"dnd\"");
        assertThat(told).hasSize(1);
    }

    @Test
    void isNotRevivedByALateWordOfAFormerHost() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        settle();
        assertThat(beat(1, 10)).isEmpty();
        report(1, 10, "online");
        settle();
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
        assertThat(told).hasSize(2);
    }

    @Test
    void expiresASessionThatNobodyBeatsFor() {
        report(1, 10, "online");
        beatFor(Duration.ofSeconds(120));
        assertThat(told).hasSize(1);
        elapse(Duration.ofSeconds(67));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void letsNobodyGoOfflineWhileTheStoreIsAway() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.FAILS;
        elapse(Duration.ofSeconds(300));
        assertThat(told).hasSize(1);
        redis.mood = Mood.WELL;
        redis.wipe();
        // Beats fill it; until a whole time to live has passed, silence means nothing.
        elapse(Duration.ofSeconds(40));
        assertThat(told).hasSize(1);
        beatFor(Duration.ofSeconds(120));
        assertThat(told).hasSize(1);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void findsTheStoreAgainWhereNobodyBeats() {
        report(1, 10, "online");
        settle();
        presences = start();
        redis.mood = Mood.FAILS;
        for (int i = 0; i < 20; i++) {
            lookup(77);
        }
        redis.mood = Mood.WELL;
        elapse(Duration.ofSeconds(140));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void tellsAnEndAlsoWhileTheStoreIsAway() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.FAILS;
        gone(1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void writesAWipedStoreAnewWithTheNextBeats() {
        report(1, 10, "online");
        settle();
        redis.wipe();
        assertThat(stored()).isZero();
        beatFor(Duration.ofSeconds(60));
        assertThat(stored()).isEqualTo(1);
        assertThat(told).hasSize(1);
    }

    @Test
    void takesBeatsAndTellsNewsWhileTheStoreHangs() {
        report(1, 10, "online");
        settle();
        redis.mood = Mood.HANGS;
        for (int version = 11; version < 200; version++) {
            report(1, version, version % 2 == 0 ? "idle" : "dnd");
            assertThat(beat(1, version)).isEmpty();
        }
        settle();
        assertThat(told.getLast()).contains("\"status\":\"dnd\"");
        assertThat(told).hasSize(2);
    }

    @Test
    void keepsTryingUntilTheUsersGuildsAreKnown() {
        guilds.remove(A);
        guilds.put(5L, List.of(G1));
        report(1, 10, "online");
        presences
                .offer(BeatBatch.newBuilder().addStates(state(5, 9, 10, "dnd")).build())
                .block();
        settle();
        assertThat(toldUsers).containsExactly(5L);
        report(1, 11, "idle");
        guilds.put(A, List.of(G1));
        elapse(Duration.ofSeconds(5));
        assertThat(toldUsers).containsExactly(5L, A);
        assertThat(told.getLast()).contains("\"status\":\"idle\"");
    }

    @Test
    void keepsTryingUntilTheLaneTakesIt() {
        publicationsToFail = 3;
        report(1, 10, "online");
        elapse(Duration.ofSeconds(10));
        assertThat(told).hasSize(1);
    }

    @Test
    void tellsNothingNewAfterARestart() {
        report(1, 10, "online");
        settle();
        presences = start();
        assertThat(beat(1, 10)).hasSize(1);
        report(1, 10, "online");
        settle();
        assertThat(told).hasSize(1);
    }

    @Test
    void remembersOverARestartWhoIsToGoOffline() {
        report(1, 10, "online");
        settle();
        presences = start();
        presences.offerClosed(A, 1, 20);
        elapse(Duration.ofSeconds(2));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void expiresAfterARestartWhoeverNeverBeatsAgain() {
        report(1, 10, "online");
        settle();
        presences = start();
        elapse(Duration.ofSeconds(59));
        assertThat(told).hasSize(1);
        elapse(Duration.ofSeconds(70));
        assertThat(told.getLast()).contains("\"status\":\"offline\"");
    }

    @Test
    void setsRightWhatAnotherInstanceShowed() {
        report(1, 10, "online");
        settle();
        redis.shown(
                        A,
                        new dev.guildcast.presence.liveness.PresenceStore.Shown(
                                dev.guildcast.presence.Presence.OFFLINE, 10))
                .block();
        beat(1, 10);
        settle();
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).contains("\"status\":\"online\"");
        beatFor(Duration.ofSeconds(60));
        assertThat(told).hasSize(2);
    }

    @Test
    void answersLookupsFromMemoryAndStoreAndLeavesOutTheUnseen() {
        report(1, 10, "idle", CHESS);
        settle();
        assertThat(lookup(A, 77)).singleElement().satisfies(found -> {
            assertThat(found.getUserId()).isEqualTo(A);
            assertThat(found.getStatus()).isEqualTo("idle");
            assertThat(found.getActivitiesCount()).isEqualTo(1);
        });
        presences = start();
        assertThat(lookup(A, 77)).extracting(found -> found.getStatus()).containsExactly("idle");
        redis.mood = Mood.FAILS;
        assertThat(lookup(A, 77)).isEmpty();
    }

    @Test
    void forgetsUsersThatAreGone() {
        report(1, 10, "online");
        settle();
        gone(1, 20);
        elapse(Duration.ofSeconds(120));
        assertThat(presences.userCount()).isZero();
        assertThat(presences.pendingCount()).isZero();
        assertThat(presences.unwrittenCount()).isZero();
    }

    @Test
    void refusesUsersBeyondItsBound() {
        for (long user = 1; user <= 150; user++) {
            presences
                    .offer(BeatBatch.newBuilder()
                            .addStates(state(user, user, 1, "online"))
                            .build())
                    .block();
        }
        assertThat(presences.userCount()).isEqualTo(100);
    }

    private Presences start() {
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
                        .map(user -> new GuildsOf(user, guilds.getOrDefault(user, List.of()))),
                (guild, user, presence) -> Mono.defer(() -> {
                    if (publicationsToFail-- > 0) {
                        return Mono.error(new IllegalStateException("no broker"));
                    }
                    told.add(presence.updateJson(user, guild));
                    toldUsers.add(user);
                    return Mono.empty();
                }));
        return new Presences(
                clock,
                Runnable::run,
                properties,
                new GuardedPresenceStore(redis, guard, clock),
                announcer,
                new PresenceMetrics(new SimpleMeterRegistry()));
    }

    private void settle() {
        elapse(Duration.ofMillis(1100));
    }

    private void elapse(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 50) {
            clock.advance(Duration.ofMillis(50));
            presences.onTick();
        }
    }

    private void beatFor(Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 20) {
            beat(1, 10);
            elapse(Duration.ofSeconds(20));
        }
        beat(1, 10);
    }

    private List<SessionBeat> beat(long session, long version) {
        return presences
                .offer(BeatBatch.newBuilder()
                        .addBeats(SessionBeat.newBuilder()
                                .setUserId(A)
                                .setSession(session)
                                .setVersion(version))
                        .build())
                .blockOptional()
                .orElseThrow();
    }

    private void report(long session, long version, String status, String... activities) {
        presences
                .offer(BeatBatch.newBuilder()
                        .addStates(state(A, session, version, status, activities))
                        .build())
                .block();
    }

    private void gone(long session, long version) {
        presences
                .offer(BeatBatch.newBuilder()
                        .addGone(SessionGone.newBuilder()
                                .setUserId(A)
                                .setSession(session)
                                .setVersion(version))
                        .build())
                .block();
    }

    private static SessionPresence state(long user, long session, long version, String status, String... activities) {
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

    private List<dev.guildcast.presence.v1.UserPresence> lookup(long... users) {
        return presences
                .get(java.util.Arrays.stream(users).boxed().toList())
                .blockOptional()
                .orElseThrow();
    }

    private int stored() {
        return redis.load(A, clock.instant())
                .blockOptional()
                .orElseThrow()
                .sessions()
                .size();
    }
}
