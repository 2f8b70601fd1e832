package dev.guildcast.session.stream;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes of dispatches that a gateway is still willing to accept.
///
/// - **Owner:** shared by the loops that push to one gateway.
/// - **Bound:** a loop that finds credit may overdraw it by one batch.
/// - **Promise:** the balance is the sum of what was granted less what was charged.
final class LinkCredit {
    /// A terabyte: more than any gateway needs, and far from an overflow when grants are added.
    private static final long GRANT_MAX_BYTES = 1L << 40;

    private final AtomicLong bytes = new AtomicLong();

    boolean available() {
        return bytes.get() > 0;
    }

    void charge(long spentBytes) {
        bytes.addAndGet(-spentBytes);
    }

    void grant(long grantedBytes) {
        bytes.updateAndGet(
                balance -> Math.min(balance + Math.clamp(grantedBytes, 0, GRANT_MAX_BYTES), GRANT_MAX_BYTES));
    }
}
