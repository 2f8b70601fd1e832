package dev.guildcast.witness.traffic;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Generates ids and timestamps like a backend's, reproducibly for a seed.
final class SeededIds {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'", Locale.ROOT);
    /// The beginning of 2026: ids that lie in no real backend's past.
    private static final long FIRST_MILLIS = 1_767_225_600_000L;
    /// The beginning of 2015, from which Discord counts.
    private static final long SNOWFLAKE_EPOCH_MILLIS = 1_420_070_400_000L;

    private long millis;

    SeededIds(long seed) {
        this.millis = FIRST_MILLIS + Math.floorMod(seed, 100_000L) * 3_600_000L;
    }

    String next() {
        return Long.toUnsignedString((++millis - SNOWFLAKE_EPOCH_MILLIS) << 22);
    }

    /// A timestamp that no other event has.
    String time() {
        return TIME.format(Instant.ofEpochMilli(++millis).atOffset(ZoneOffset.UTC));
    }

    long seconds() {
        return ++millis / 1000;
    }
}
