package dev.guildcast.voice.allocation;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/// In which order regions are tried: the channel's own, the one the user prefers, the default, then any other, so that
/// a region without a live server costs distance and not the call.
public record RegionPolicy(String defaultRegion) {
    /// @param channel the channel's region; empty: automatic
    /// @param preferred by the user; empty: none
    /// @param served regions that had a server lately
    public List<String> order(String channel, String preferred, Collection<String> served) {
        var order = new LinkedHashSet<String>();
        order.add(channel);
        order.add(preferred);
        order.add(defaultRegion);
        order.addAll(served.stream().sorted().toList());
        order.remove("");
        return List.copyOf(order);
    }
}
