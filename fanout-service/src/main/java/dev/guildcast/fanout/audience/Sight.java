package dev.guildcast.fanout.audience;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody sees: channels, and those of them in which private threads show without membership; both ascending.
public record Sight(long[] channels, long[] manages) {
    /// Channels of `now` that were not seen here.
    public List<Long> gained(Sight now) {
        return missing(now.channels, channels);
    }

    /// Channels seen here that `now` lacks.
    public List<Long> lost(Sight now) {
        return missing(channels, now.channels);
    }

    /// Channels seen before and after, in which private threads show only now.
    public List<Long> threadsGained(Sight now) {
        return missing(now.manages, manages).stream()
                .filter(channel -> contains(channels, channel))
                .toList();
    }

    /// Channels seen before and after, in which private threads showed only before.
    public List<Long> threadsLost(Sight now) {
        return missing(manages, now.manages).stream()
                .filter(channel -> contains(now.channels, channel))
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sight that
                && Arrays.equals(channels, that.channels)
                && Arrays.equals(manages, that.manages);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(channels);
    }

    private static List<Long> missing(long[] from, long[] in) {
        return Arrays.stream(from).filter(each -> !contains(in, each)).boxed().toList();
    }

    private static boolean contains(long[] sorted, long value) {
        return Arrays.binarySearch(sorted, value) >= 0;
    }
}
