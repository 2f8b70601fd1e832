package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.model.Expected;
import dev.guildcast.witness.model.GuildHistory;
import dev.guildcast.witness.model.GuildHistory.Stint;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which of a user's stays in a guild each segment of the stream is, and whether every stay shows as it should: it
/// begins with GUILD_CREATE, naming the channels that are visible, and ends with GUILD_DELETE.
final class Stays {
    private final Account account;
    private final VisibilityModel model;
    private final List<Segment> segments;
    private final CheckSettings settings;
    private final List<Fault> faults;

    Stays(Account account, VisibilityModel model, List<Segment> segments, CheckSettings settings, List<Fault> faults) {
        this.account = account;
        this.model = model;
        this.segments = segments;
        this.settings = settings;
        this.faults = faults;
    }

    void assign() {
        Map<String, GuildHistory> guilds = model.guilds();
        guilds.forEach(this::assign);
        segments.stream()
                .filter(each -> !each.guildId.isEmpty() && !guilds.containsKey(each.guildId))
                .forEach(each -> faults.add(new Fault(Kind.FOREIGN, "GUILD_CREATE of unknown guild " + each.guildId)));
    }

    /// Whether the client had to get what is expected, given the segments that there are.
    boolean requires(Expected expected) {
        String guild = expected.cause().guildId();
        boolean stayed = false;
        for (Segment segment : segments) {
            if (segment.guildId.equals(guild)
                    && segment.stint >= expected.firstStint()
                    && segment.stint <= expected.lastStint()) {
                stayed = true;
                if (segment.requires(expected.cause())) {
                    return true;
                }
            }
        }
        GuildHistory history = model.guild(guild);
        return !stayed
                && (history == null
                        || mustShow(history, history.stints(account.userId()).get(expected.firstStint() - 1)));
    }

    private void assign(String guild, GuildHistory history) {
        List<Stint> stints = history.stints(account.userId());
        int session = 0;
        int stint = 0;
        boolean left = false;
        for (Segment segment : segments) {
            if (!segment.guildId.equals(guild)) {
                continue;
            }
            if (segment.session != session || stint == 0) {
                stint = begunBefore(history, stints, segment.fromNanos);
            } else if (left) {
                stint++;
            }
            session = segment.session;
            left = segment.end == Segment.End.LEFT;
            segment.stint = stint;
            if (stint == 0 || stint > stints.size()) {
                faults.add(new Fault(Kind.FOREIGN, "GUILD_CREATE of " + guild));
                continue;
            }
            ends(segment, stints.get(stint - 1));
            shows(segment, history, stints.get(stint - 1));
        }
        for (int each = 1; each <= stints.size(); each++) {
            int number = each;
            boolean shown = segments.stream().anyMatch(s -> s.guildId.equals(guild) && s.stint == number);
            if (!shown && mustShow(history, stints.get(each - 1))) {
                faults.add(new Fault(Kind.LOST, "GUILD_CREATE of " + guild + " (stay " + each + ")"));
            }
        }
    }

    private static int begunBefore(GuildHistory history, List<Stint> stints, long atNanos) {
        int stint = 0;
        while (stint < stints.size()
                && (stints.get(stint).from() == 0
                        || history.change(stints.get(stint).from()).sentNanos() < atNanos)) {
            stint++;
        }
        return stint;
    }

    private void ends(Segment segment, Stint stint) {
        if (segment.end == Segment.End.LEFT && stint.open()) {
            faults.add(new Fault(Kind.FOREIGN, "GUILD_DELETE of " + segment.guildId + ", in which the user still is"));
        }
        if (segment.end == Segment.End.OPEN && !stint.open()) {
            faults.add(new Fault(Kind.LOST, "GUILD_DELETE of " + segment.guildId));
        }
    }

    /// The channels of GUILD_CREATE, in any of the states that it may have been made from.
    private void shows(Segment segment, GuildHistory history, Stint stint) {
        Set<String> always = null;
        Set<String> ever = new HashSet<>();
        int last = stint.open() ? history.last() : stint.to() - 1;
        for (int version = stint.from(); version <= last; version++) {
            if (version > stint.from() && history.change(version).sentNanos() > segment.fromNanos) {
                break;
            }
            Set<String> visible = visible(history, version);
            ever.addAll(visible);
            if (always == null) {
                always = new HashSet<>(visible);
            } else {
                always.retainAll(visible);
            }
        }
        for (String channel : segment.created) {
            if (!ever.contains(channel)) {
                faults.add(new Fault(Kind.FOREIGN, "channel " + channel + " in GUILD_CREATE"));
            }
        }
        for (String channel : always == null ? Set.<String>of() : always) {
            if (!segment.created.contains(channel)) {
                faults.add(new Fault(Kind.LOST, "channel " + channel + " of GUILD_CREATE"));
            }
        }
    }

    private Set<String> visible(GuildHistory history, int version) {
        var visible = new HashSet<String>();
        history.state(version).channels().forEach((id, channel) -> {
            if (!channel.thread() && history.state(version).views(account.userId(), id)) {
                visible.add(id);
            }
        });
        return visible;
    }

    /// Whether a stay cannot pass without a GUILD_CREATE: it lasts still, or did so for long enough.
    private boolean mustShow(GuildHistory history, Stint stint) {
        if (stint.open()) {
            return true;
        }
        Publication left = history.change(stint.to());
        long from = stint.from() == 0
                ? settings.fromNanos()
                : history.change(stint.from()).ackedNanos();
        return from != Publication.NEVER
                && left.sentNanos() - from > settings.shortStay().toNanos();
    }
}
