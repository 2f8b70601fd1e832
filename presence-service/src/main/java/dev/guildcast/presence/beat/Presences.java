package dev.guildcast.presence.beat;

import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.event.PresenceAnnouncer;
import dev.guildcast.presence.event.PresenceAnnouncer.News;
import dev.guildcast.presence.event.PresenceAnnouncer.Told;
import dev.guildcast.presence.event.PresenceCoalescer;
import dev.guildcast.presence.liveness.GuardedPresenceStore;
import dev.guildcast.presence.liveness.KnownUser;
import dev.guildcast.presence.liveness.PresenceExpiry;
import dev.guildcast.presence.liveness.PresenceProperties;
import dev.guildcast.presence.liveness.PresenceStore.Due;
import dev.guildcast.presence.liveness.PresenceStore.Shown;
import dev.guildcast.presence.liveness.PresenceStore.Stored;
import dev.guildcast.presence.liveness.StoreWriter;
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

/// Every user this instance knows, and the way from a beat to news.
///
/// A user's sessions live on one session shard, so one host speaks for all of them and one instance hears it. The store
/// is what others read and what a restarted instance finds; memory is what decides.
///
/// - **Owner:** the presence loop; `onX` run on it, everything else hands over to it.
/// - **Bound:** `presence.users-max` users; [#ANNOUNCEMENTS_MAX] announcements of [#ANNOUNCED_MAX] users at a time.
/// - **Promise:** the store may be slow, away or empty: beats are taken all the same, and nobody goes offline for it.
final class Presences {
    /// Users in one announcement.
    static final int ANNOUNCED_MAX = 500;

    /// Announcements at a time.
    static final int ANNOUNCEMENTS_MAX = 8;

    /// Users read from the store at a time, in one announcement or lookup.
    private static final int LOADS_MAX = 32;

    private final Clock clock;
    private final Executor loop;
    private final PresenceProperties properties;
    private final GuardedPresenceStore store;
    private final PresenceAnnouncer announcer;
    private final PresenceMetrics metrics;
    private final Map<Long, KnownUser> users = new HashMap<>();
    private final PresenceCoalescer coalescer;
    private final StoreWriter writer;
    private final PresenceExpiry expiry;
    private int announcements;
    private Instant tidyAt = Instant.MIN;

    Presences(
            Clock clock,
            Executor loop,
            PresenceProperties properties,
            GuardedPresenceStore store,
            PresenceAnnouncer announcer,
            PresenceMetrics metrics) {
        this.clock = clock;
        this.loop = loop;
        this.properties = properties;
        this.store = store;
        this.announcer = announcer;
        this.metrics = metrics;
        this.coalescer = new PresenceCoalescer(properties.flap());
        this.writer = new StoreWriter(store, loop, users::get, this::onDiffers);
        this.expiry = new PresenceExpiry(store, loop, properties, this::onExpired);
        metrics.watch(this);
    }

    /// Takes in what a host says; emits the beats whose state is wanted, maybe none.
    Mono<List<SessionBeat>> offer(BeatBatch batch) {
        return Mono.create(sink -> loop.execute(() -> sink.success(onBatch(batch))));
    }

    /// A session ended, as everyone is told: of a user nobody here knows, the instance that removes it from the store
    /// tells the others.
    void offerClosed(long user, long session, long version) {
        loop.execute(() -> {
            if (users.containsKey(user)) {
                onGone(user, session, version);
            } else {
                store.remove(user, List.of(session))
                        .subscribe(
                                held -> loop.execute(() -> {
                                    if (held) {
                                        onGone(user, session, version);
                                    }
                                }),
                                failure -> metrics.storeRefused());
            }
        });
    }

    /// What others are shown of these users; those never seen are left out. Answers with less when the store is away.
    Mono<List<UserPresence>> get(Collection<Long> wanted) {
        return Mono.<Map<Long, UserPresence>>create(sink -> loop.execute(() -> sink.success(known(wanted))))
                .flatMap(known -> Flux.fromIterable(wanted)
                        .filter(user -> !known.containsKey(user))
                        .flatMap(
                                user -> store.load(user, clock.instant())
                                        .onErrorReturn(Stored.NOTHING)
                                        .flatMap(stored -> Mono.justOrEmpty(stored.shown()))
                                        .map(shown -> shown.presence().toProto(user, shown.version())),
                                LOADS_MAX)
                        .collectList()
                        .map(stored -> {
                            stored.addAll(known.values());
                            return stored;
                        }));
    }

    /// Does what time brings; several times a second.
    void onTick() {
        Instant now = clock.instant();
        writer.onTick();
        if (expiry.onTick(now)) {
            expire(now);
        }
        if (!now.isBefore(tidyAt)) {
            tidyAt = now.plus(properties.sweepEvery());
            tidy(now);
        }
        while (announcements < ANNOUNCEMENTS_MAX) {
            var due = coalescer.due(now, ANNOUNCED_MAX);
            if (due.isEmpty()) {
                break;
            }
            announce(due, now);
        }
    }

    private List<SessionBeat> onBatch(BeatBatch batch) {
        var missing = new ArrayList<SessionBeat>();
        Instant until = clock.instant().plus(properties.ttl());
        for (SessionGone gone : batch.getGoneList()) {
            onGone(gone.getUserId(), gone.getSession(), gone.getVersion());
        }
        for (SessionPresence state : batch.getStatesList()) {
            onState(state, until);
        }
        for (SessionBeat beat : batch.getBeatsList()) {
            if (onBeat(beat, until)) {
                missing.add(beat);
            }
        }
        metrics.heard(batch.getBeatsCount(), batch.getStatesCount(), batch.getGoneCount(), missing.size());
        return missing;
    }

    private boolean onBeat(SessionBeat beat, Instant until) {
        KnownUser user = users.get(beat.getUserId());
        if (user == null) {
            return true;
        }
        return switch (user.onBeat(beat.getSession(), beat.getVersion(), until)) {
            case KNOWN -> {
                writer.onChanged(beat.getUserId());
                yield false;
            }
            case MISSING -> true;
            case ENDED -> false;
        };
    }

    private void onState(SessionPresence report, Instant until) {
        KnownUser user = user(report.getUserId());
        if (user != null && user.onState(SessionState.reported(report, clock.millis()), until)) {
            changed(report.getUserId());
        }
    }

    private void onGone(long userId, long session, long version) {
        KnownUser user = user(userId);
        if (user != null) {
            user.onEnded(session, version, clock.instant().plus(properties.ttl()));
            changed(userId);
        }
    }

    private void onExpired(Due due) {
        KnownUser user = users.get(due.user());
        if (user != null && user.lives(due.session(), clock.instant())) {
            // The store lost it, we did not.
            writer.onChanged(due.user());
        } else {
            metrics.expired();
            user(due.user());
            coalescer.onChanged(due.user(), clock.instant());
        }
    }

    private void onDiffers(long userId) {
        KnownUser user = users.get(userId);
        if (user != null) {
            user.onDiffers();
            coalescer.onChanged(userId, clock.instant());
        }
    }

    private void expire(Instant now) {
        users.forEach((userId, user) -> {
            if (user.expire(now)) {
                metrics.expired();
                coalescer.onChanged(userId, now);
            }
        });
    }

    private void tidy(Instant now) {
        users.values().forEach(user -> user.forgetEnded(now));
        users.entrySet().removeIf(entry -> entry.getValue().forgettable() && !coalescer.pends(entry.getKey()));
    }

    private void announce(List<Long> due, Instant now) {
        var byLoaded = due.stream().collect(Collectors.partitioningBy(this::loaded));
        announcements++;
        announceLoaded(byLoaded.getOrDefault(true, List.of()));
        var unloaded = byLoaded.getOrDefault(false, List.of());
        if (!unloaded.isEmpty()) {
            announcements++;
            Flux.fromIterable(unloaded)
                    .flatMap(userId -> load(userId, now), LOADS_MAX)
                    .collectList()
                    .subscribe(loads -> loop.execute(() -> {
                        loads.forEach(this::onLoaded);
                        announceLoaded(unloaded);
                    }));
        }
    }

    private Mono<Load> load(long userId, Instant now) {
        return store.load(userId, now).map(stored -> new Load(userId, stored)).onErrorResume(failure -> Mono.empty());
    }

    private void onLoaded(Load load) {
        KnownUser user = users.get(load.user());
        if (user != null) {
            user.onLoaded(load.stored(), clock.instant().plus(properties.ttl()));
        }
    }

    private void announceLoaded(List<Long> due) {
        var news = new ArrayList<News>();
        for (long userId : due) {
            KnownUser user = users.get(userId);
            if (user == null || user.showsWhatItIs()) {
                coalescer.onTold(userId, clock.instant());
            } else {
                news.add(new News(userId, user.presence(), user.version()));
            }
        }
        announcer
                .announce(news)
                .subscribe(
                        told -> loop.execute(() -> onTold(told)),
                        failure -> loop.execute(() -> announcements--),
                        () -> loop.execute(() -> announcements--));
    }

    private void onTold(Told told) {
        News news = told.news();
        metrics.told(told.result());
        if (told.result() != PresenceAnnouncer.Result.TOLD) {
            if (!coalescer.onFailed(news.user(), clock.instant())) {
                metrics.changeGivenUp();
            }
            return;
        }
        var shown = new Shown(news.presence(), news.version());
        KnownUser user = users.get(news.user());
        if (user != null) {
            user.onShown(shown);
        }
        coalescer.onTold(news.user(), clock.instant());
        store.shown(news.user(), shown).subscribe(nothing -> {}, failure -> metrics.storeRefused());
    }

    private Map<Long, UserPresence> known(Collection<Long> wanted) {
        var known = new HashMap<Long, UserPresence>();
        for (long userId : wanted) {
            KnownUser user = users.get(userId);
            if (user != null && user.knowsAny()) {
                known.put(userId, user.presence().toProto(userId, user.version()));
            }
        }
        return known;
    }

    private void changed(long userId) {
        writer.onChanged(userId);
        coalescer.onChanged(userId, clock.instant());
    }

    private boolean loaded(long userId) {
        KnownUser user = users.get(userId);
        return user == null || user.loaded();
    }

    private @Nullable KnownUser user(long userId) {
        KnownUser user = users.get(userId);
        if (user == null && users.size() >= properties.usersMax()) {
            metrics.userRefused();
            return null;
        }
        return user != null ? user : users.computeIfAbsent(userId, id -> new KnownUser());
    }

    int userCount() {
        return users.size();
    }

    int unwrittenCount() {
        return writer.unwrittenCount();
    }

    int pendingCount() {
        return coalescer.pendingCount();
    }

    private record Load(long user, Stored stored) {}
}
