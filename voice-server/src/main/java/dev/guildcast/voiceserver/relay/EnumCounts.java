package dev.guildcast.voiceserver.relay;

import java.util.concurrent.atomic.AtomicLongArray;

/// A count for each constant.
///
/// - **Owner:** one thread adds; any thread reads.
public final class EnumCounts<E extends Enum<E>> {
    private final AtomicLongArray counts;

    EnumCounts(Class<E> type) {
        counts = new AtomicLongArray(type.getEnumConstants().length);
    }

    void add(E constant) {
        // One writer: no compare-and-set for each packet.
        int at = constant.ordinal();
        counts.setRelease(at, counts.getPlain(at) + 1);
    }

    public long of(E constant) {
        return counts.getAcquire(constant.ordinal());
    }
}
