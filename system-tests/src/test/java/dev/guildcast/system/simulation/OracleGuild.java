package dev.guildcast.system.simulation;

import dev.guildcast.event.v1.Overwrite;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The state of one guild after the part of its log that has been read.
final class OracleGuild {
    record ChannelEntry(String name, List<Overwrite> overwrites) {}

    /// A session with a subscription to a guild.
    record Subscriber(String session, long user, long intents, boolean messageContent) {
        boolean hasAnyIntent(long anyOf) {
            return anyOf == 0 || (intents & anyOf) != 0;
        }
    }

    record MemberEntry(TreeSet<Long> roles, String nick) {}

    String name = "";
    long owner;
    final TreeMap<Long, Long> roles = new TreeMap<>();
    final TreeMap<Long, String> roleNames = new TreeMap<>();
    final TreeMap<Long, ChannelEntry> channels = new TreeMap<>();
    final TreeMap<Long, MemberEntry> members = new TreeMap<>();
    final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
    String snapshotVersion = "";
    final Set<String> namedInSnapshot = new HashSet<>();

    boolean canView(long user, long channel) {
        var member = members.get(user);
        var of = channels.get(channel);
        if (member == null || of == null) {
            return false;
        }
        return user == owner || (permissions(member, user, of) & 1L << 10) != 0;
    }

    private long permissions(MemberEntry member, long user, ChannelEntry channel) {
        long everyone = roles.firstKey();
        long bits = roles.getOrDefault(everyone, 0L);
        for (long role : member.roles) {
            bits |= roles.getOrDefault(role, 0L);
        }
        long allow = 0;
        long deny = 0;
        for (var each : channel.overwrites) {
            if (each.getRole() && each.getId() == everyone) {
                bits = bits & ~each.getDeny() | each.getAllow();
            }
            if (each.getRole() && each.getId() != everyone && member.roles.contains(each.getId())) {
                allow |= each.getAllow();
                deny |= each.getDeny();
            }
        }
        bits = bits & ~deny | allow;
        for (var each : channel.overwrites) {
            if (!each.getRole() && each.getId() == user) {
                bits = bits & ~each.getDeny() | each.getAllow();
            }
        }
        return bits;
    }

    TreeMap<Long, String> visibleChannels(long user) {
        var visible = new TreeMap<Long, String>();
        channels.forEach((id, channel) -> {
            if (canView(user, id)) {
                visible.put(id, channel.name);
            }
        });
        return visible;
    }
}
