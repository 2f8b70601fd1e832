package dev.guildcast.presence.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.presence.Activity;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.PresenceMerge;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.Status;
import dev.guildcast.presence.liveness.PresenceStore.DueSession;
import dev.guildcast.presence.liveness.PresenceStore.ShownPresence;
import dev.guildcast.presence.liveness.PresenceStore.StoredUser;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// The contract of every [PresenceStore].
abstract class PresenceStoreContract {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Instant later = now.plusSeconds(60);
    // A store may be shared: each test has users of its own.
    private final long user = ThreadLocalRandom.current().nextLong();
    private final int bucket = PresenceStore.bucket(user);

    abstract PresenceStore store();

    @Test
    void returnsSessionsUntilTheyExpire() {
        save(later, state(1, 10, Status.IDLE), state(-2, 11, Status.DND));
        assertThat(load(now).sessions())
                .containsExactlyInAnyOrder(state(1, 10, Status.IDLE), state(-2, 11, Status.DND));
        assertThat(load(later).sessions()).isEmpty();
    }

    @Test
    void returnsNothingForAnUnknownUser() {
        assertThat(load(now)).isEqualTo(StoredUser.EMPTY);
    }

    @Test
    void keepsTheNewestVersionWhateverTheOrder() {
        save(later, state(1, 20, Status.DND));
        save(later.plusSeconds(5), state(1, 9, Status.IDLE));
        assertThat(load(later.plusSeconds(1)).sessions()).containsExactly(state(1, 20, Status.DND));
        save(later, state(1, 100, Status.ONLINE));
        assertThat(load(now).sessions()).containsExactly(state(1, 100, Status.ONLINE));
    }

    @Test
    void reportsWhetherItRemovedAnything() {
        save(later, state(1, 10, Status.IDLE), state(2, 11, Status.DND));
        assertThat(get(store().removeSessions(user, List.of(1L)))).isTrue();
        assertThat(get(store().removeSessions(user, List.of(1L)))).isFalse();
        assertThat(load(now).sessions()).containsExactly(state(2, 11, Status.DND));
        assertThat(due(later)).containsExactly(new DueSession(user, 2));
    }

    @Test
    void keepsTheNewestShownPresence() {
        saveShown(presence(Status.IDLE), 10);
        saveShown(presence(Status.DND), 12);
        saveShown(presence(Status.ONLINE), 11);
        assertThat(load(now).lastShown()).contains(new ShownPresence(presence(Status.DND), 12));
        saveShown(Presence.OFFLINE, 12);
        assertThat(load(now).lastShown()).contains(new ShownPresence(Presence.OFFLINE, 12));
    }

    @Test
    void reportsAConflictingShownPresence() {
        var idle = new ShownPresence(presence(Status.IDLE), 10);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), later, Optional.of(idle))))
                .isFalse();
        saveShown(presence(Status.IDLE), 10);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), later, Optional.of(idle))))
                .isFalse();
        saveShown(presence(Status.DND), 11);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), later, Optional.of(idle))))
                .isTrue();
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), later, Optional.empty())))
                .isFalse();
    }

    @Test
    void handsOutADueSessionToOneCallerAtATime() {
        save(later, state(1, 10, Status.IDLE));
        assertThat(due(later.minusMillis(1))).isEmpty();
        assertThat(due(later)).containsExactly(new DueSession(user, 1));
        assertThat(due(later.plusSeconds(1))).isEmpty();
        // The first caller crashed before it finished.
        assertThat(due(later.plus(CLAIM))).containsExactly(new DueSession(user, 1));
    }

    @Test
    void expiresADueSessionPermanently() {
        save(later, state(1, 10, Status.IDLE));
        due(later);
        assertThat(get(store().expire(new DueSession(user, 1), later))).isTrue();
        assertThat(load(now).sessions()).isEmpty();
        assertThat(due(later.plus(CLAIM).plusSeconds(60))).isEmpty();
    }

    @Test
    void doesNotExpireARenewedSession() {
        save(later, state(1, 10, Status.IDLE));
        due(later);
        save(later.plusSeconds(60), state(1, 10, Status.IDLE));
        assertThat(get(store().expire(new DueSession(user, 1), later))).isFalse();
        assertThat(load(later).sessions()).hasSize(1);
        assertThat(due(later.plusSeconds(59))).isEmpty();
        assertThat(due(later.plusSeconds(60))).containsExactly(new DueSession(user, 1));
    }

    @Test
    void expiresADueSessionWithoutStoredState() {
        assertThat(get(store().expire(new DueSession(user, 1), now))).isTrue();
    }

    private static final Duration CLAIM = Duration.ofSeconds(15);

    private void save(Instant expiresAt, SessionState... states) {
        get(store().save(user, List.of(states), expiresAt, Optional.empty()));
    }

    private StoredUser load(Instant at) {
        return get(store().load(user, at));
    }

    private List<DueSession> due(Instant at) {
        return get(store().claimDue(bucket, at, at.plus(CLAIM), 10_000)).stream()
                .filter(due -> due.user() == user)
                .toList();
    }

    private void saveShown(Presence presence, long version) {
        store().saveShown(user, new ShownPresence(presence, version)).block(Duration.ofSeconds(5));
    }

    private static Presence presence(Status status) {
        return PresenceMerge.merge(List.of(state(1, 1, status)));
    }

    static SessionState state(long session, long version, Status status) {
        var activity = new Activity("{\"name\":\"chess\",\"type\":0}", 1_700_000_000_000L, "0123456789abcdef");
        return new SessionState(session, version, status, List.of(activity), "mobile");
    }

    private static <T> T get(Mono<T> mono) {
        return mono.blockOptional(Duration.ofSeconds(5)).orElseThrow();
    }
}
