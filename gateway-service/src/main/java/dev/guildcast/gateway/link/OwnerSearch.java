package dev.guildcast.gateway.link;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which host a [RemoteSession] deals with, and how long it has been without one.
///
/// - **Owner:** the connection's event loop.
final class OwnerSearch {
    private final int shard;
    private final SessionHosts hosts;
    private final AttachTimers timers;
    private final LinkMetrics metrics;
    private final LongSupplier nanoTime;
    private @Nullable SessionHost host;
    private long epoch = -1;
    private boolean lost;
    private long lostNanos;

    OwnerSearch(int shard, LinkContext context, AttachTimers timers) {
        this.shard = shard;
        this.hosts = context.hosts();
        this.timers = timers;
        this.metrics = context.metrics();
        this.nanoTime = context.nanoTime();
    }

    /// The host that the session deals with; null until the first owner was found.
    @Nullable
    SessionHost host() {
        return host;
    }

    boolean isCurrent(SessionHost other) {
        return other == host;
    }

    /// Turns to the owner that the shard map names now.
    ///
    /// @return null if it names none: then the session stays with the host that it had
    @Nullable
    SessionHost turnToOwner() {
        var owner = hosts.owner(shard);
        if (owner.isEmpty()) {
            return null;
        }
        var next = hosts.hostAt(owner.get().address());
        if (next != host) {
            timers.cancelUnreachableDeadline();
        }
        host = next;
        epoch = owner.get().epoch();
        return next;
    }

    boolean hasOwner() {
        return hosts.owner(shard).isPresent();
    }

    /// Whether the shard map names an owner other than this host.
    boolean hasOwnerOtherThan(SessionHost other) {
        return hosts.owner(shard)
                .filter(it -> !it.address().equals(other.address()))
                .isPresent();
    }

    /// Whether the session may stay with its host: the shard map names it, or an earlier owner.
    boolean isHostCurrentOrNewer() {
        var current = host;
        return current != null
                && current.isUp()
                && hosts.owner(shard)
                        .filter(it -> it.address().equals(current.address()) || it.epoch() < epoch)
                        .isPresent();
    }

    // ---- the time without a host

    /// The session was live, and is not attached any more.
    void onLost() {
        if (!lost) {
            lost = true;
            lostNanos = nanoTime.getAsLong();
        }
    }

    void onAttached() {
        timers.cancelAll();
        if (lost) {
            lost = false;
            metrics.reattached(nanoTime.getAsLong() - lostNanos);
        }
    }

    /// The host has answered, or its process has ended: neither is for [AttachTimers#startUnreachableDeadline] to
    /// limit.
    void onHostAnswers() {
        timers.cancelUnreachableDeadline();
    }

    /// The deadline for reaching the host has passed.
    ///
    /// @return whether it is the owner still; if not, the deadline for finding an owner decides
    boolean isOwnerUnreachable() {
        timers.cancelUnreachableDeadline();
        var current = host;
        return current != null && hasOwner() && !hasOwnerOtherThan(current);
    }
}
