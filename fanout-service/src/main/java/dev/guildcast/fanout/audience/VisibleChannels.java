package dev.guildcast.fanout.audience;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The visible channels, and those of them in which private threads are visible without membership; both ascending.
public record VisibleChannels(long[] channels, long[] threadManaged) {
    /// Channels of `after` that were not visible here.
    public List<Long> gained(VisibleChannels after) {
        return missing(after.channels, channels);
    }

    /// Channels visible here that `after` lacks.
    public List<Long> lost(VisibleChannels after) {
        return missing(channels, after.channels);
    }

    /// Channels visible before and after, in which private threads are visible only now.
    public List<Long> threadsGained(VisibleChannels after) {
        return missing(after.threadManaged, threadManaged).stream()
                .filter(channel -> contains(channels, channel))
                .toList();
    }

    /// Channels visible before and after, in which private threads were visible only before.
    public List<Long> threadsLost(VisibleChannels after) {
        return missing(threadManaged, after.threadManaged).stream()
                .filter(channel -> contains(after.channels, channel))
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VisibleChannels that
                && Arrays.equals(channels, that.channels)
                && Arrays.equals(threadManaged, that.threadManaged);
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
