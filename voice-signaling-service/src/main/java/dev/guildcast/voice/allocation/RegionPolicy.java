package dev.guildcast.voice.allocation;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/// The order in which regions are tried: the channel's, the user's preferred one, the default, then any other. A region
/// without a live server thus costs latency and not the call.
public record RegionPolicy(String defaultRegion) {
    /// @param channel the channel's region; empty: automatic
    /// @param preferred by the user; empty: none
    /// @param knownRegions regions that had a server recently
    public List<String> order(String channel, String preferred, Collection<String> knownRegions) {
        var order = new LinkedHashSet<String>();
        order.add(channel);
        order.add(preferred);
        order.add(defaultRegion);
        order.addAll(knownRegions.stream().sorted().toList());
        order.remove("");
        return List.copyOf(order);
    }
}
