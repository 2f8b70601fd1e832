package dev.guildcast.fanout.publisher;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// One publisher: its rules as they are now, and what it has used of them.
///
/// - **Owner:** any thread; rules are replaced by the watcher of their file.
/// - **Bound:** two quotas and a count.
/// - **Promise:** what was admitted is released once. A publisher of which a token was revoked admits nothing more,
///   also in calls that began before.
public final class Publisher {
    /// Which limit was reached.
    public enum Limit {
        EVENTS,
        BYTES,
        IN_FLIGHT;

        /// For metrics.
        public String tag() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// An event that must wait.
    ///
    /// @param reason for the publisher
    /// @param retryNanos before another attempt can succeed
    public record Limited(Limit limit, String reason, long retryNanos) {}

    /// Appends take milliseconds; a publisher that waits this long leaves room.
    private static final long IN_FLIGHT_RETRY_NANOS = 1_000_000_000;

    private final String name;
    private final LongSupplier nanoTime;
    private final TokenBucket events;
    private final TokenBucket bytes;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile PublisherRules rules;
    private volatile boolean revoked;

    Publisher(String name, PublisherRules rules, LongSupplier nanoTime) {
        this.name = name;
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.events = new TokenBucket(rules.eventsPerSecond(), nanoTime.getAsLong());
        this.bytes = new TokenBucket(rules.bytesPerSecond(), nanoTime.getAsLong());
    }

    public String name() {
        return name;
    }

    public PublisherRules rules() {
        return rules;
    }

    public boolean isRevoked() {
        return revoked;
    }

    /// Admits one event, which [#release] ends; or says why not, and then nothing was taken.
    ///
    /// @param size in bytes
    public Optional<Limited> admit(long size) {
        var now = rules;
        long nanos = nanoTime.getAsLong();
        if (inFlight.incrementAndGet() > now.inFlightMax()) {
            inFlight.decrementAndGet();
            return Optional.of(new Limited(
                    Limit.IN_FLIGHT,
                    "more than " + now.inFlightMax() + " events of this publisher wait for their append",
                    IN_FLIGHT_RETRY_NANOS));
        }
        long wait = events.take(1, now.eventsPerSecond(), nanos);
        if (wait > 0) {
            inFlight.decrementAndGet();
            return Optional.of(
                    new Limited(Limit.EVENTS, "above this publisher's " + now.eventsPerSecond() + " events/s", wait));
        }
        wait = bytes.take(size, now.bytesPerSecond(), nanos);
        if (wait > 0) {
            events.giveBack(1);
            inFlight.decrementAndGet();
            return Optional.of(
                    new Limited(Limit.BYTES, "above this publisher's " + now.bytesPerSecond() + " bytes/s", wait));
        }
        return Optional.empty();
    }

    /// An admitted event has its outcome.
    public void release() {
        inFlight.decrementAndGet();
    }

    void replace(PublisherRules next) {
        rules = next;
    }

    void revoke() {
        revoked = true;
    }
}
