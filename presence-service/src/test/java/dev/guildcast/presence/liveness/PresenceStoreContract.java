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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// The contract of every [PresenceStore].
abstract class PresenceStoreContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// Sessions that are due as soon as they are saved.
    private static final Duration OVER = Duration.ZERO;
    private static final Duration CLAIM = Duration.ofSeconds(15);

    // A store may be shared: each test has users of its own.
    private final long user = ThreadLocalRandom.current().nextLong();
    private final int bucket = PresenceStore.bucket(user);

    abstract PresenceStore store();

    @Test
    void returnsSessionsUntilTheyExpire() {
        save(MINUTE, state(1, 10, Status.IDLE), state(-2, 11, Status.DND));
        save(OVER, state(3, 12, Status.ONLINE));
        assertThat(load().sessions()).containsExactlyInAnyOrder(state(1, 10, Status.IDLE), state(-2, 11, Status.DND));
    }

    @Test
    void returnsNothingForAnUnknownUser() {
        assertThat(load()).isEqualTo(StoredUser.EMPTY);
    }

    @Test
    void keepsTheNewestVersionWhateverTheOrder() {
        save(OVER, state(1, 20, Status.DND));
        save(MINUTE, state(1, 9, Status.IDLE));
        assertThat(load().sessions()).containsExactly(state(1, 20, Status.DND));
        save(MINUTE, state(1, 100, Status.ONLINE));
        assertThat(load().sessions()).containsExactly(state(1, 100, Status.ONLINE));
    }

    @Test
    void reportsWhetherItRemovedAnything() {
        save(MINUTE, state(1, 10, Status.IDLE), state(2, 11, Status.DND));
        assertThat(get(store().removeSessions(user, List.of(1L)))).isTrue();
        assertThat(get(store().removeSessions(user, List.of(1L)))).isFalse();
        assertThat(load().sessions()).containsExactly(state(2, 11, Status.DND));
        save(OVER, state(2, 11, Status.DND));
        assertThat(due(CLAIM)).containsExactly(new DueSession(user, 2));
    }

    @Test
    void keepsTheNewestShownPresence() {
        saveShown(presence(Status.IDLE), 10);
        saveShown(presence(Status.DND), 12);
        saveShown(presence(Status.ONLINE), 11);
        assertThat(load().lastShown()).contains(new ShownPresence(presence(Status.DND), 12));
        saveShown(Presence.OFFLINE, 12);
        assertThat(load().lastShown()).contains(new ShownPresence(Presence.OFFLINE, 12));
    }

    @Test
    void reportsAConflictingShownPresence() {
        var idle = new ShownPresence(presence(Status.IDLE), 10);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), MINUTE, Optional.of(idle))))
                .isFalse();
        saveShown(presence(Status.IDLE), 10);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), MINUTE, Optional.of(idle))))
                .isFalse();
        saveShown(presence(Status.DND), 11);
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), MINUTE, Optional.of(idle))))
                .isTrue();
        assertThat(get(store().save(user, List.of(state(1, 10, Status.IDLE)), MINUTE, Optional.empty())))
                .isFalse();
    }

    @Test
    void handsOutADueSessionToOneCallerAtATime() {
        save(MINUTE, state(1, 10, Status.IDLE));
        assertThat(due(CLAIM)).isEmpty();
        save(OVER, state(1, 10, Status.IDLE));
        // A claim that is over at once, as if the first caller had crashed.
        assertThat(due(OVER)).containsExactly(new DueSession(user, 1));
        assertThat(due(CLAIM)).containsExactly(new DueSession(user, 1));
        assertThat(due(CLAIM)).isEmpty();
    }

    @Test
    void expiresADueSessionPermanently() {
        save(OVER, state(1, 10, Status.IDLE));
        assertThat(due(OVER)).hasSize(1);
        assertThat(get(store().expire(new DueSession(user, 1)))).isTrue();
        assertThat(load().sessions()).isEmpty();
        assertThat(due(CLAIM)).isEmpty();
    }

    @Test
    void doesNotExpireARenewedSession() {
        save(OVER, state(1, 10, Status.IDLE));
        assertThat(due(OVER)).hasSize(1);
        save(MINUTE, state(1, 10, Status.IDLE));
        assertThat(get(store().expire(new DueSession(user, 1)))).isFalse();
        assertThat(load().sessions()).hasSize(1);
        assertThat(due(CLAIM)).isEmpty();
        save(OVER, state(1, 10, Status.IDLE));
        assertThat(due(CLAIM)).containsExactly(new DueSession(user, 1));
    }

    @Test
    void expiresADueSessionWithoutStoredState() {
        assertThat(get(store().expire(new DueSession(user, 1)))).isTrue();
    }

    private void save(Duration lives, SessionState... states) {
        get(store().save(user, List.of(states), lives, Optional.empty()));
    }

    private StoredUser load() {
        return get(store().load(user));
    }

    private List<DueSession> due(Duration claim) {
        return get(store().claimDue(bucket, claim, 10_000)).stream()
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
