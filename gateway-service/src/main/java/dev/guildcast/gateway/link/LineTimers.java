package dev.guildcast.gateway.link;

import dev.guildcast.gateway.Loop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The two timers of a line; a line that is attached has none.
///
/// - **Owner:** the connection's event loop.
final class LineTimers {
    private final Loop loop;
    private final LinkProperties properties;
    private final Runnable ask;
    private final Runnable overdue;
    private Loop.@Nullable Timer askTimer;
    private Loop.@Nullable Timer overdueTimer;
    private Duration retry;

    LineTimers(Loop loop, LinkProperties properties, Runnable ask, Runnable overdue) {
        this.loop = loop;
        this.properties = properties;
        this.ask = ask;
        this.overdue = overdue;
        this.retry = properties.retryMin();
    }

    /// Asks in a moment; in a longer one each time until the line is attached.
    void retry() {
        ask(jittered(retry));
        var twice = retry.multipliedBy(2);
        retry = twice.compareTo(properties.retryMax()) < 0 ? twice : properties.retryMax();
    }

    /// Asks if no answer comes.
    void askAgain() {
        ask(jittered(properties.askAgain()));
    }

    private void ask(Duration delay) {
        cancelAsk();
        askTimer = loop.schedule(ask, delay);
    }

    void cancelAsk() {
        if (askTimer != null) {
            askTimer.cancel();
            askTimer = null;
        }
    }

    /// Begins the time in which an owner must be found, unless it has begun.
    ///
    /// @param spread adds a random part, so that many clients do not leave at one moment
    void startOverdue(boolean spread) {
        if (overdueTimer == null) {
            long extraMillis = spread
                    ? ThreadLocalRandom.current()
                            .nextLong(properties.reconnectSpread().toMillis() + 1)
                    : 0;
            overdueTimer = loop.schedule(overdue, properties.ownerlessMax().plusMillis(extraMillis));
        }
    }

    /// The line is attached, parked or ended.
    void cancelAll() {
        cancelAsk();
        if (overdueTimer != null) {
            overdueTimer.cancel();
            overdueTimer = null;
        }
        retry = properties.retryMin();
    }

    private static Duration jittered(Duration delay) {
        return Duration.ofNanos(
                (long) (delay.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble())));
    }
}
