package dev.guildcast.presence.liveness;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Carries what memory knows to the store, a few users at a time and each user's newest alone.
///
/// - **Owner:** the presence loop; the store's answers come back to it.
/// - **Bound:** the users known, as a set; [#IN_FLIGHT_MAX] calls at a time.
/// - **Promise:** a store that is away or slow costs nothing but these calls; what could not be written stays marked.
public final class StoreWriter {
    /// Calls to the store at a time.
    public static final int IN_FLIGHT_MAX = 64;

    private final PresenceStore store;
    private final Executor loop;
    private final LongFunction<@Nullable KnownUser> users;
    private final LongConsumer onDiffers;
    private final Set<Long> unwritten = new LinkedHashSet<>();
    private final Set<Long> inFlight = new LinkedHashSet<>();

    /// @param users looks a user up; null when they were forgotten
    /// @param onDiffers told of a user of whom another instance showed something else
    public StoreWriter(
            PresenceStore store, Executor loop, LongFunction<@Nullable KnownUser> users, LongConsumer onDiffers) {
        this.store = store;
        this.loop = loop;
        this.users = users;
        this.onDiffers = onDiffers;
    }

    public void onChanged(long user) {
        unwritten.add(user);
    }

    /// Starts as many writes as may run.
    public void onTick() {
        var next = unwritten.iterator();
        while (inFlight.size() < IN_FLIGHT_MAX && next.hasNext()) {
            long user = next.next();
            if (!inFlight.contains(user)) {
                next.remove();
                write(user);
            }
        }
    }

    public int unwrittenCount() {
        return unwritten.size() + inFlight.size();
    }

    private void write(long user) {
        KnownUser known = users.apply(user);
        if (known == null) {
            return;
        }
        inFlight.add(user);
        var ended = known.ended();
        var states = known.states();
        Mono<Boolean> removed = ended.isEmpty() ? Mono.just(false) : store.remove(user, ended);
        Mono<Boolean> kept =
                states.isEmpty() ? Mono.just(false) : store.keep(user, states, known.until(), known.shown());
        removed.then(kept)
                .subscribe(
                        differs -> loop.execute(() -> onWritten(user, differs)),
                        failure -> loop.execute(() -> onFailed(user)));
    }

    private void onWritten(long user, boolean differs) {
        inFlight.remove(user);
        if (differs) {
            onDiffers.accept(user);
        }
    }

    private void onFailed(long user) {
        inFlight.remove(user);
        unwritten.add(user);
    }
}
