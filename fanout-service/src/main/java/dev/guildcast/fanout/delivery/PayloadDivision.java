package dev.guildcast.fanout.delivery;

import dev.guildcast.event.v1.Concealment;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.RecipientFilter;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Divides an event's recipients by what they may see of its payload: each session is in one part.
///
/// The cost is classes and individual users times channels that the payload names and the guild has.
final class PayloadDivision {
    /// The recipients who see the same of the payload.
    ///
    /// @param hidden channels that they do not see
    /// @param missingIntents that their sessions lack, of those that parts of the payload need
    /// @param self the only user of the part, if the payload has parts that are shown to it whatever its intents;
    ///     or 0
    record Part(RecipientFilter rule, Set<Long> hidden, long missingIntents, long self) {
        boolean hides(Concealment part) {
            if (part.getUserId() != 0 && part.getUserId() == self) {
                return false;
            }
            boolean intent = part.getIntents() == 0 || (part.getIntents() & ~missingIntents) != 0;
            return !intent || hidden.contains(part.getChannelId());
        }
    }

    private record Key(Set<Long> hidden, long self) {}

    private static final class Members {
        private final Set<VisibilityClass> classes = new TreeSet<>();
        private final Set<Long> users = new TreeSet<>();
    }

    private final Audience audience;
    private final RecipientFilter rule;
    private final TreeMap<Long, Scope.Viewers> viewers = new TreeMap<>();
    private final Set<Long> selfUsers = new HashSet<>();
    private long intents;

    private PayloadDivision(Audience audience, RecipientFilter rule) {
        this.audience = audience;
        this.rule = rule;
    }

    static List<Part> of(GuildView view, Audience audience, RecipientFilter rule, List<Concealment> concealments) {
        var division = new PayloadDivision(audience, rule);
        for (Concealment each : concealments) {
            Channel channel = view.channel(each.getChannelId());
            if (channel != null) {
                division.viewers.computeIfAbsent(each.getChannelId(), ignored -> new Scope.Viewers(channel));
            }
            if (each.getUserId() != 0) {
                division.selfUsers.add(each.getUserId());
            }
            division.intents |= each.getIntents();
        }
        return division.divide();
    }

    private List<Part> divide() {
        Set<Long> individuals = new TreeSet<>(selfUsers);
        viewers.values().forEach(each -> individuals.addAll(each.exceptions()));
        individuals.removeIf(user -> audience.classOf(user) == null);
        Map<Key, Members> members = new LinkedHashMap<>();
        for (VisibilityClass each : audience.classes()) {
            var hidden = new TreeSet<Long>();
            viewers.forEach((channel, scope) -> {
                if (!scope.includes(each)) {
                    hidden.add(channel);
                }
            });
            members.computeIfAbsent(new Key(hidden, 0), ignored -> new Members())
                    .classes
                    .add(each);
        }
        for (long user : individuals) {
            VisibilityClass of = audience.classOf(user);
            if (of != null) {
                members.computeIfAbsent(keyOf(user, of), ignored -> new Members())
                        .users
                        .add(user);
            }
        }
        var parts = new ArrayList<Part>();
        members.forEach((key, each) -> addParts(parts, key, each, individuals));
        return parts;
    }

    private Key keyOf(long user, VisibilityClass of) {
        var hidden = new TreeSet<Long>();
        viewers.forEach((channel, scope) -> {
            if (!scope.includes(user, of)) {
                hidden.add(channel);
            }
        });
        return new Key(hidden, selfUsers.contains(user) ? user : 0);
    }

    private void addParts(List<Part> parts, Key key, Members members, Set<Long> individuals) {
        var without = new HashSet<>(individuals);
        without.removeAll(members.users);
        RecipientFilter within = rule.within(new Scope.ClassesAndUsers(members.classes, without, members.users));
        // Every subset of the intents, from all of them to none.
        long missing = 0;
        do {
            parts.add(new Part(within.forSessions(intents & ~missing, missing), key.hidden, missing, key.self));
            missing = (missing - intents) & intents;
        } while (missing != 0);
    }
}
