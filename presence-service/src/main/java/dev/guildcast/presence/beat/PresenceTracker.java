package dev.guildcast.presence.beat;

import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.announce.PresenceAnnouncer;
import dev.guildcast.presence.announce.PresenceAnnouncer.AnnounceResult;
import dev.guildcast.presence.announce.PresenceAnnouncer.Announcement;
import dev.guildcast.presence.announce.PresenceCoalescer;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.PresenceExpirySweeper;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.liveness.PresenceStore.DueSession;
import dev.guildcast.presence.liveness.PresenceStore.ShownPresence;
import dev.guildcast.presence.liveness.PresenceStore.StoredUser;
import dev.guildcast.presence.liveness.StoreWriter;
import dev.guildcast.presence.liveness.TrackedUser;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionGone;
import dev.guildcast.presence.v1.SessionPresence;
import dev.guildcast.presence.v1.UserPresence;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Tracks every user this instance knows, from the beats of session hosts to announced presence changes.
///
/// All sessions of a user live on one session shard, so one host reports them all, to one instance. Decisions are made
/// from memory; the store serves other instances and restores the state after a restart.
///
/// - **Owner:** the presence loop; `onX` run on it, everything else is handed over to it.
/// - **Bound:** `presence.users-max` users; [#ANNOUNCEMENTS_IN_FLIGHT_MAX] announcements of [#ANNOUNCEMENT_USERS_MAX]
/// users at a time.
/// - **Promise:** a slow, unavailable or empty store stops no beats and sets nobody offline.
final class PresenceTracker {
    /// Users of one announcement: one request to each owner of their session shards.
    static final int ANNOUNCEMENT_USERS_MAX = 500;

    /// Announcements at a time; with [#ANNOUNCEMENT_USERS_MAX] it bounds the users whose records are unacknowledged.
    static final int ANNOUNCEMENTS_IN_FLIGHT_MAX = 8;

    /// Users loaded from the store at a time, by one announcement or lookup; below the bulkhead of the store.
    private static final int LOADS_IN_FLIGHT_MAX = 32;

    private final PresenceClocks clocks;
    private final Clock clock;
    private final Executor loop;
    private final PresenceProperties properties;
    private final GuardedPresenceStore store;
    private final PresenceAnnouncer announcer;
    private final PresenceMetrics metrics;
    private final Map<Long, TrackedUser> users = new HashMap<>();
    private final PresenceCoalescer coalescer;
    private final StoreWriter storeWriter;
    private final PresenceExpirySweeper expirySweeper;
    private int announcementsInFlight;
    private Instant nextEvictionAt = Instant.MIN;

    PresenceTracker(
            PresenceClocks clocks,
            Executor loop,
            PresenceProperties properties,
            GuardedPresenceStore store,
            PresenceAnnouncer announcer,
            PresenceMetrics metrics) {
        this.clocks = clocks;
        this.clock = clocks.elapsed();
        this.loop = loop;
        this.properties = properties;
        this.store = store;
        this.announcer = announcer;
        this.metrics = metrics;
        this.coalescer = new PresenceCoalescer(properties.flap());
        this.storeWriter = new StoreWriter(store, loop, users::get, this::onConflict);
        this.expirySweeper = new PresenceExpirySweeper(store, loop, properties, this::onExpired);
        metrics.registerGauges(this);
    }

    /// Processes a host's batch; emits the beats whose state is missing here, maybe none.
    Mono<List<SessionBeat>> offerBatch(BeatBatch batch) {
        return Mono.create(sink -> loop.execute(() -> sink.success(onBatch(batch))));
    }

    /// A session was closed, according to `session.lifecycle`, which every instance reads. Of a user unknown here, only
    /// the instance that removes the session from the store announces the change.
    void offerSessionClosed(long user, long session, long version) {
        loop.execute(() -> {
            if (users.containsKey(user)) {
                onSessionEnded(user, session, version);
            } else {
                store.removeSessions(user, List.of(session))
                        .subscribe(
                                removed -> loop.execute(() -> {
                                    if (removed) {
                                        onSessionEnded(user, session, version);
                                    }
                                }),
                                failure -> metrics.storeCallFailed());
            }
        });
    }

    /// The visible presences of these users; unknown users are left out. Without the store only users in memory are
    /// returned.
    Mono<List<UserPresence>> lookUp(Collection<Long> userIds) {
        return Mono.<Map<Long, UserPresence>>create(sink -> loop.execute(() -> sink.success(knownPresences(userIds))))
                .flatMap(known -> Flux.fromIterable(userIds)
                        .filter(user -> !known.containsKey(user))
                        .flatMap(
                                user -> store.load(user)
                                        .onErrorReturn(StoredUser.EMPTY)
                                        .flatMap(stored -> Mono.justOrEmpty(stored.lastShown()))
                                        .map(shown -> shown.presence().toProto(user, shown.version())),
                                LOADS_IN_FLIGHT_MAX)
                        .collectList()
                        .map(stored -> {
                            stored.addAll(known.values());
                            return stored;
                        }));
    }

    /// Runs what is due: store writes, expiry, eviction, announcements. Called several times a second.
    void onTick() {
        Instant now = clock.instant();
        storeWriter.onTick(now);
        if (expirySweeper.onTick(now)) {
            expire(now);
        }
        if (!now.isBefore(nextEvictionAt)) {
            nextEvictionAt = now.plus(properties.sweepEvery());
            evictIdleUsers(now);
        }
        while (announcementsInFlight < ANNOUNCEMENTS_IN_FLIGHT_MAX) {
            var due = coalescer.takeDue(now, ANNOUNCEMENT_USERS_MAX);
            if (due.isEmpty()) {
                break;
            }
            announce(due);
        }
    }

    private List<SessionBeat> onBatch(BeatBatch batch) {
        var missing = new ArrayList<SessionBeat>();
        Instant expiresAt = clock.instant().plus(properties.ttl());
        for (SessionGone gone : batch.getGoneList()) {
            onSessionEnded(gone.getUserId(), gone.getSession(), gone.getVersion());
        }
        for (SessionPresence state : batch.getStatesList()) {
            onState(state, expiresAt);
        }
        for (SessionBeat beat : batch.getBeatsList()) {
            if (onBeat(beat, expiresAt)) {
                missing.add(beat);
            }
        }
        metrics.batchReceived(batch.getBeatsCount(), batch.getStatesCount(), batch.getGoneCount(), missing.size());
        return missing;
    }

    private boolean onBeat(SessionBeat beat, Instant expiresAt) {
        TrackedUser user = users.get(beat.getUserId());
        if (user == null) {
            return true;
        }
        return switch (user.onBeat(beat.getSession(), beat.getVersion(), expiresAt)) {
            case KNOWN -> {
                storeWriter.onChanged(beat.getUserId());
                yield false;
            }
            case MISSING -> true;
            case ENDED -> false;
        };
    }

    private void onState(SessionPresence report, Instant expiresAt) {
        TrackedUser user = userOrCreate(report.getUserId());
        if (user != null
                && user.onState(SessionState.fromReport(report, clocks.wall().millis()), expiresAt)) {
            markChanged(report.getUserId());
        }
    }

    private void onSessionEnded(long userId, long session, long version) {
        TrackedUser user = userOrCreate(userId);
        if (user != null) {
            user.onEnded(session, version, clock.instant().plus(properties.ttl()));
            markChanged(userId);
        }
    }

    private void onExpired(DueSession due) {
        TrackedUser user = users.get(due.user());
        if (user != null && user.isAlive(due.session(), clock.instant())) {
            // Lost in the store but alive in memory: write it again.
            storeWriter.onChanged(due.user());
        } else {
            metrics.sessionExpired();
            userOrCreate(due.user());
            coalescer.onChanged(due.user(), clock.instant());
        }
    }

    private void onConflict(long userId) {
        TrackedUser user = users.get(userId);
        if (user != null) {
            user.onConflict();
            coalescer.onChanged(userId, clock.instant());
        }
    }

    private void expire(Instant now) {
        users.forEach((userId, user) -> {
            if (user.expire(now)) {
                metrics.sessionExpired();
                coalescer.onChanged(userId, now);
            }
        });
    }

    private void evictIdleUsers(Instant now) {
        users.values().forEach(user -> user.expireTombstones(now));
        users.entrySet().removeIf(entry -> entry.getValue().isEvictable() && !coalescer.isPending(entry.getKey()));
    }

    private void announce(List<Long> due) {
        var byLoaded = due.stream().collect(Collectors.partitioningBy(this::isLoaded));
        announcementsInFlight++;
        announceLoaded(byLoaded.getOrDefault(true, List.of()));
        var unloaded = byLoaded.getOrDefault(false, List.of());
        if (!unloaded.isEmpty()) {
            announcementsInFlight++;
            Flux.fromIterable(unloaded)
                    .flatMap(userId -> load(userId), LOADS_IN_FLIGHT_MAX)
                    .collectList()
                    .subscribe(loads -> loop.execute(() -> {
                        loads.forEach(this::onLoaded);
                        announceLoaded(unloaded);
                    }));
        }
    }

    private Mono<LoadedUser> load(long userId) {
        return store.load(userId).map(stored -> new LoadedUser(userId, stored)).onErrorResume(failure -> Mono.empty());
    }

    private void onLoaded(LoadedUser load) {
        TrackedUser user = users.get(load.user());
        if (user != null) {
            user.onLoaded(load.stored(), clock.instant().plus(properties.ttl()));
        }
    }

    private void announceLoaded(List<Long> due) {
        var toAnnounce = new ArrayList<Announcement>();
        for (long userId : due) {
            TrackedUser user = users.get(userId);
            if (user == null || user.isLastShownCurrent()) {
                coalescer.onAnnounced(userId, clock.instant());
            } else {
                toAnnounce.add(new Announcement(userId, user.presence(), user.version()));
            }
        }
        announcer
                .announce(toAnnounce)
                .subscribe(
                        result -> loop.execute(() -> onAnnounced(result)),
                        failure -> loop.execute(() -> announcementsInFlight--),
                        () -> loop.execute(() -> announcementsInFlight--));
    }

    private void onAnnounced(AnnounceResult result) {
        Announcement announcement = result.announcement();
        metrics.announced(result.status());
        if (result.status() != PresenceAnnouncer.AnnounceStatus.PUBLISHED) {
            if (!coalescer.onFailed(announcement.user(), clock.instant())) {
                metrics.changeAbandoned();
            }
            return;
        }
        var shown = new ShownPresence(announcement.presence(), announcement.version());
        TrackedUser user = users.get(announcement.user());
        if (user != null) {
            user.onShown(shown);
        }
        coalescer.onAnnounced(announcement.user(), clock.instant());
        store.saveShown(announcement.user(), shown).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
    }

    private Map<Long, UserPresence> knownPresences(Collection<Long> userIds) {
        var known = new HashMap<Long, UserPresence>();
        for (long userId : userIds) {
            TrackedUser user = users.get(userId);
            if (user != null && user.hasSessions()) {
                known.put(userId, user.presence().toProto(userId, user.version()));
            }
        }
        return known;
    }

    private void markChanged(long userId) {
        storeWriter.onChanged(userId);
        coalescer.onChanged(userId, clock.instant());
    }

    private boolean isLoaded(long userId) {
        TrackedUser user = users.get(userId);
        return user == null || user.isLoaded();
    }

    private @Nullable TrackedUser userOrCreate(long userId) {
        TrackedUser user = users.get(userId);
        if (user == null && users.size() >= properties.usersMax()) {
            metrics.userRejected();
            return null;
        }
        return user != null ? user : users.computeIfAbsent(userId, id -> new TrackedUser());
    }

    int userCount() {
        return users.size();
    }

    int unwrittenCount() {
        return storeWriter.unwrittenCount();
    }

    int pendingCount() {
        return coalescer.pendingCount();
    }

    private record LoadedUser(long user, StoredUser stored) {}
}
