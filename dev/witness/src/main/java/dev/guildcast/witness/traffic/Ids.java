package dev.guildcast.witness.traffic;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Makes ids and times that look like a backend's and are the same for the same seed.
final class Ids {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'");
    private static final long MILLENNIUM_MILLIS = 1_767_225_600_000L; // 2026-01-01
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;

    private long millis;

    Ids(long seed) {
        this.millis = MILLENNIUM_MILLIS + Math.floorMod(seed, 100_000L) * 3_600_000L;
    }

    String next() {
        return Long.toString((++millis - EPOCH_MILLIS) << 22);
    }

    /// A time that no other event has.
    String time() {
        return TIME.format(Instant.ofEpochMilli(++millis).atOffset(ZoneOffset.UTC));
    }

    long seconds() {
        return ++millis / 1000;
    }
}
