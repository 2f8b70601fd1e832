package dev.guildcast.witness.model;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.model.ExpectedDispatch.ExpectedBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who is entitled to which events, computed from the world and the publications.
///
/// The order of two publishers' events that overlapped in time is unknown; such an event is certainly expected only
/// where the order makes no difference.
public final class VisibilityModel {
    private final Map<String, GuildHistory> guilds = new HashMap<>();

    /// @param publications all publications; those of one publisher in its order
    public VisibilityModel(InitialWorld world, List<PublishedEvent> publications) {
        world.states().forEach(state -> guilds.put(state.id(), new GuildHistory(state)));
        for (PublishedEvent each : publications) {
            GuildHistory guild = guilds.get(each.guildId());
            if (guild != null && GuildState.isChange(each.type()) && each.outcome() == IngressOutcome.ACCEPTED) {
                guild.append(each);
            }
        }
    }

    public @Nullable GuildHistory guild(String id) {
        return guilds.get(id);
    }

    public Map<String, GuildHistory> guilds() {
        return Map.copyOf(guilds);
    }

    /// What this client must or may receive because of an event, in the order of the log.
    public List<ExpectedDispatch> expected(Account account, PublishedEvent event) {
        if (event.outcome() == IngressOutcome.REJECTED) {
            return List.of();
        }
        if (event.guildId().isEmpty()) {
            return directMessage(account, event);
        }
        GuildHistory guild = guilds.get(event.guildId());
        if (guild == null) {
            return List.of();
        }
        int version = guild.versionMadeBy(event);
        return version > 0 ? change(account, event, guild, version) : nonChange(account, event, guild);
    }

    private static List<ExpectedDispatch> directMessage(Account account, PublishedEvent event) {
        boolean entitled = event.users().contains(account.userId())
                && account.requestsIntent(DispatchRules.directIntent(event.type()));
        return entitled
                ? List.of(dispatch(event, isCertain(event), DispatchRules.asPublished(event), 1, 1))
                : List.of();
    }

    /// An event without a state change, in every state in which it may have been applied.
    private static List<ExpectedDispatch> nonChange(Account account, PublishedEvent event, GuildHistory guild) {
        if (GuildState.isChange(event.type())) {
            return List.of(); // its outcome is unknown: the caller must treat the run as failed
        }
        int from = guild.earliestVersion(event);
        int to = guild.latestVersion(event);
        int deliveredVersions = 0;
        int firstMembership = Integer.MAX_VALUE;
        int lastMembership = 0;
        for (int version = from; version <= to; version++) {
            if (DispatchRules.delivers(guild.state(version), account, event)) {
                int membership = guild.membershipIndex(account.userId(), version);
                firstMembership = Math.min(firstMembership, membership);
                lastMembership = Math.max(lastMembership, membership);
                deliveredVersions++;
            }
        }
        if (deliveredVersions == 0) {
            return List.of();
        }
        boolean always = deliveredVersions == to - from + 1;
        return List.of(dispatch(
                event,
                always && isCertain(event),
                DispatchRules.body(account, event),
                firstMembership,
                lastMembership));
    }

    private static List<ExpectedDispatch> change(
            Account account, PublishedEvent event, GuildHistory guild, int version) {
        String user = account.userId();
        GuildState before = guild.state(version - 1);
        GuildState after = guild.state(version);
        if (!before.hasMember(user) || !after.hasMember(user)) {
            return List.of(); // joining and leaving are dispatched as GUILD_CREATE and GUILD_DELETE
        }
        int membership = guild.membershipIndex(user, version);
        String eventChannel =
                event.type().startsWith("CHANNEL_") ? event.body().path("id").asString() : "";
        var expected = new ArrayList<ExpectedDispatch>();
        if (DispatchRules.deliversChange(before, after, account, event)) {
            ExpectedBody body = ExpectedDispatch.matchedByChannel(event.type())
                    ? ExpectedBody.UNCHECKED
                    : DispatchRules.asPublished(event);
            expected.add(dispatch(event, true, body, membership, membership));
        }
        var channels = new TreeSet<>(before.channels().keySet());
        channels.addAll(after.channels().keySet());
        for (String channel : channels) {
            boolean was = before.canView(user, channel);
            boolean is = after.canView(user, channel);
            boolean delivered = channel.equals(eventChannel) && ExpectedDispatch.matchedByChannel(event.type());
            if (was != is && !delivered) {
                String type = is ? "CHANNEL_CREATE" : "CHANNEL_DELETE";
                expected.add(new ExpectedDispatch(
                        event, type, channel, true, ExpectedBody.UNCHECKED, membership, membership));
            }
        }
        return expected;
    }

    private static boolean isCertain(PublishedEvent event) {
        return event.outcome() == IngressOutcome.ACCEPTED && !DispatchRules.droppable(event.type());
    }

    private static ExpectedDispatch dispatch(
            PublishedEvent event, boolean certain, ExpectedBody body, int first, int last) {
        String subject = ExpectedDispatch.matchedByChannel(event.type())
                ? event.body().path("id").asString()
                : event.mark();
        return new ExpectedDispatch(event, event.type(), subject, certain, body, first, last);
    }

    /// Whether this client has the intents for guild events of this type.
    public static boolean requestsIntentOf(Account account, String type) {
        return account.requestsIntent(DispatchRules.intent(type));
    }

    /// Whether events of this type may be dropped and are unordered.
    public static boolean droppable(String type) {
        return DispatchRules.droppable(type);
    }
}
