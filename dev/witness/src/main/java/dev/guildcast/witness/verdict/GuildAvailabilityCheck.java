package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.model.ExpectedDispatch;
import dev.guildcast.witness.model.GuildHistory;
import dev.guildcast.witness.model.GuildHistory.MembershipPeriod;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Assigns the segments of a stream to the user's memberships, and verifies that each membership begins with a
/// GUILD_CREATE containing the visible channels and ends with GUILD_DELETE.
final class GuildAvailabilityCheck {
    private final Account account;
    private final VisibilityModel model;
    private final List<StreamSegment> segments;
    private final CheckSettings settings;
    private final List<DeliveryFault> faults;

    GuildAvailabilityCheck(
            Account account,
            VisibilityModel model,
            List<StreamSegment> segments,
            CheckSettings settings,
            List<DeliveryFault> faults) {
        this.account = account;
        this.model = model;
        this.segments = segments;
        this.settings = settings;
        this.faults = faults;
    }

    void assignMemberships() {
        Map<String, GuildHistory> guilds = model.guilds();
        guilds.forEach(this::assignMemberships);
        segments.stream()
                .filter(each -> !each.guildId.isEmpty() && !guilds.containsKey(each.guildId))
                .forEach(each ->
                        faults.add(new DeliveryFault(Kind.FOREIGN, "GUILD_CREATE of unknown guild " + each.guildId)));
    }

    /// Whether the client had to receive the dispatch, given the segments of its stream.
    boolean requires(ExpectedDispatch expected) {
        String guild = expected.cause().guildId();
        boolean hasSegment = false;
        for (StreamSegment segment : segments) {
            if (segment.guildId.equals(guild)
                    && segment.membershipIndex >= expected.firstMembership()
                    && segment.membershipIndex <= expected.lastMembership()) {
                hasSegment = true;
                if (segment.requires(expected.cause())) {
                    return true;
                }
            }
        }
        GuildHistory history = model.guild(guild);
        return !hasSegment
                && (history == null
                        || mustBeShown(
                                history,
                                history.membershipPeriods(account.userId()).get(expected.firstMembership() - 1)));
    }

    private void assignMemberships(String guild, GuildHistory history) {
        List<MembershipPeriod> periods = history.membershipPeriods(account.userId());
        int session = 0;
        int period = 0;
        boolean left = false;
        for (StreamSegment segment : segments) {
            if (!segment.guildId.equals(guild)) {
                continue;
            }
            if (segment.session != session || period == 0) {
                period = begunBefore(history, periods, segment.fromNanos);
            } else if (left) {
                period++;
            }
            session = segment.session;
            left = segment.end == StreamSegment.SegmentEnd.LEFT;
            segment.membershipIndex = period;
            if (period == 0 || period > periods.size()) {
                faults.add(new DeliveryFault(Kind.FOREIGN, "GUILD_CREATE of " + guild));
                continue;
            }
            checkEnd(segment, periods.get(period - 1));
            checkChannels(segment, history, periods.get(period - 1));
        }
        for (int each = 1; each <= periods.size(); each++) {
            int number = each;
            boolean shown = segments.stream().anyMatch(s -> s.guildId.equals(guild) && s.membershipIndex == number);
            if (!shown && mustBeShown(history, periods.get(each - 1))) {
                faults.add(new DeliveryFault(Kind.LOST, "GUILD_CREATE of " + guild + " (membership " + each + ")"));
            }
        }
    }

    private static int begunBefore(GuildHistory history, List<MembershipPeriod> periods, long atNanos) {
        int period = 0;
        while (period < periods.size()
                && (periods.get(period).from() == 0
                        || history.change(periods.get(period).from()).sentNanos() < atNanos)) {
            period++;
        }
        return period;
    }

    private void checkEnd(StreamSegment segment, MembershipPeriod period) {
        if (segment.end == StreamSegment.SegmentEnd.LEFT && period.isOpen()) {
            faults.add(new DeliveryFault(
                    Kind.FOREIGN, "GUILD_DELETE of " + segment.guildId + ", whose member the user is"));
        }
        if (segment.end == StreamSegment.SegmentEnd.OPEN && !period.isOpen()) {
            faults.add(new DeliveryFault(Kind.LOST, "GUILD_DELETE of " + segment.guildId));
        }
    }

    /// Verifies the channels of GUILD_CREATE against the states from which it may have been created.
    private void checkChannels(StreamSegment segment, GuildHistory history, MembershipPeriod period) {
        Set<String> always = null;
        Set<String> ever = new HashSet<>();
        int last = period.isOpen() ? history.lastVersion() : period.to() - 1;
        for (int version = period.from(); version <= last; version++) {
            if (version > period.from() && history.change(version).sentNanos() > segment.fromNanos) {
                break;
            }
            Set<String> visible = visibleChannels(history, version);
            ever.addAll(visible);
            if (always == null) {
                always = new HashSet<>(visible);
            } else {
                always.retainAll(visible);
            }
        }
        for (String channel : segment.channelsAtCreate) {
            if (!ever.contains(channel)) {
                faults.add(new DeliveryFault(Kind.FOREIGN, "channel " + channel + " in GUILD_CREATE"));
            }
        }
        for (String channel : always == null ? Set.<String>of() : always) {
            if (!segment.channelsAtCreate.contains(channel)) {
                faults.add(new DeliveryFault(Kind.LOST, "channel " + channel + " of GUILD_CREATE"));
            }
        }
    }

    private Set<String> visibleChannels(GuildHistory history, int version) {
        var visible = new HashSet<String>();
        history.state(version).channels().forEach((id, channel) -> {
            if (!channel.thread() && history.state(version).canView(account.userId(), id)) {
                visible.add(id);
            }
        });
        return visible;
    }

    /// Whether a membership requires a GUILD_CREATE: it has not ended, or it lasted long enough.
    private boolean mustBeShown(GuildHistory history, MembershipPeriod period) {
        if (period.isOpen()) {
            return true;
        }
        PublishedEvent left = history.change(period.to());
        long from = period.from() == 0
                ? settings.fromNanos()
                : history.change(period.from()).ackedNanos();
        return from != PublishedEvent.NEVER
                && left.sentNanos() - from > settings.shortMembership().toNanos();
    }
}
