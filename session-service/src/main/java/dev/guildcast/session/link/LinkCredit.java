package dev.guildcast.session.link;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of dispatches a gateway is willing to take.
///
/// - **Owner:** shared by the loops that push to one gateway.
/// - **Bound:** a loop that finds credit may spend one batch more than there is.
/// - **Promise:** what is charged and what is given add up.
final class LinkCredit {
    private static final long GIVEN_MAX = 1L << 40;

    private final AtomicLong bytes = new AtomicLong();

    boolean available() {
        return bytes.get() > 0;
    }

    void charge(long spentBytes) {
        bytes.addAndGet(-spentBytes);
    }

    void give(long givenBytes) {
        bytes.updateAndGet(held -> Math.min(held + Math.clamp(givenBytes, 0, GIVEN_MAX), GIVEN_MAX));
    }
}
