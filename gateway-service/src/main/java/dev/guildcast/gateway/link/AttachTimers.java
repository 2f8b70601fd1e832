package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The timers of a [RemoteSession]: the next attach request, the deadline for finding an owner, and the one for
/// reaching an owner that is silent. While it is attached none runs.
///
/// - **Owner:** the connection's event loop.
final class AttachTimers {
    private final Loop loop;
    private final LinkProperties properties;
    private final Runnable attach;
    private final Runnable onOwnerDeadline;
    private final Runnable onUnreachable;
    private Loop.@Nullable Timer attachTimer;
    private Loop.@Nullable Timer ownerDeadlineTimer;
    private Loop.@Nullable Timer unreachableTimer;
    private Duration retryDelay;

    AttachTimers(
            Loop loop, LinkProperties properties, Runnable attach, Runnable onOwnerDeadline, Runnable onUnreachable) {
        this.loop = loop;
        this.properties = properties;
        this.attach = attach;
        this.onOwnerDeadline = onOwnerDeadline;
        this.onUnreachable = onUnreachable;
        this.retryDelay = properties.retryMin();
    }

    /// Schedules the next attach request; the delay doubles each time until the session is attached.
    void scheduleRetry() {
        scheduleAttach(jittered(retryDelay));
        var doubled = retryDelay.multipliedBy(2);
        retryDelay = doubled.compareTo(properties.retryMax()) < 0 ? doubled : properties.retryMax();
    }

    /// Schedules another attach request in case this one is not answered.
    void scheduleResponseTimeout() {
        scheduleAttach(jittered(properties.askAgain()));
    }

    private void scheduleAttach(Duration delay) {
        cancelAttach();
        attachTimer = loop.schedule(attach, delay);
    }

    void cancelAttach() {
        if (attachTimer != null) {
            attachTimer.cancel();
            attachTimer = null;
        }
    }

    /// Starts the deadline by which an owner must be found, unless it is running.
    ///
    /// @param spread whether to add a random delay, so that many clients do not reconnect at the same moment
    void startOwnerDeadline(boolean spread) {
        if (ownerDeadlineTimer == null) {
            long extraMillis = spread
                    ? ThreadLocalRandom.current()
                            .nextLong(properties.reconnectSpread().toMillis() + 1)
                    : 0;
            ownerDeadlineTimer =
                    loop.schedule(onOwnerDeadline, properties.ownerlessMax().plusMillis(extraMillis));
        }
    }

    /// Starts the deadline by which a silent owner must have answered, unless it is running. It ends in the second half
    /// of its time, so that many clients do not reconnect at the same moment.
    void startUnreachableDeadline() {
        if (unreachableTimer == null) {
            long half = properties.unreachableMax().toNanos() / 2;
            long nanos = half + ThreadLocalRandom.current().nextLong(half + 1);
            unreachableTimer = loop.schedule(onUnreachable, Duration.ofNanos(nanos));
        }
    }

    /// The owner has answered, or there is another one.
    void cancelUnreachableDeadline() {
        if (unreachableTimer != null) {
            unreachableTimer.cancel();
            unreachableTimer = null;
        }
    }

    /// To be called when the session is attached, parked or ended.
    void cancelAll() {
        cancelAttach();
        cancelUnreachableDeadline();
        if (ownerDeadlineTimer != null) {
            ownerDeadlineTimer.cancel();
            ownerDeadlineTimer = null;
        }
        retryDelay = properties.retryMin();
    }

    private static Duration jittered(Duration delay) {
        return Duration.ofNanos(
                (long) (delay.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble())));
    }
}
