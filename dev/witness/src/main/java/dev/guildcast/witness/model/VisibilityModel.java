package dev.guildcast.witness.model;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.model.Expected.Body;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who is entitled to what, worked out from the world and what was published.
///
/// Where two publishers' events overlapped in time nobody knows their order; such an event is expected for certain only
/// where it makes no difference.
public final class VisibilityModel {
    private final Map<String, GuildHistory> guilds = new HashMap<>();

    /// @param publications all of them; those of one publisher in its order
    public VisibilityModel(World world, List<Publication> publications) {
        world.states().forEach(state -> guilds.put(state.id(), new GuildHistory(state)));
        for (Publication each : publications) {
            GuildHistory guild = guilds.get(each.guildId());
            if (guild != null && GuildState.changes(each.type()) && each.outcome() == Outcome.ACCEPTED) {
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

    /// What this client must or may get because of it, in the order of the log.
    public List<Expected> expected(Account account, Publication event) {
        if (event.outcome() == Outcome.REFUSED) {
            return List.of();
        }
        if (event.guildId().isEmpty()) {
            return direct(account, event);
        }
        GuildHistory guild = guilds.get(event.guildId());
        if (guild == null) {
            return List.of();
        }
        int made = guild.versionMadeBy(event);
        return made > 0 ? change(account, event, guild, made) : plain(account, event, guild);
    }

    private static List<Expected> direct(Account account, Publication event) {
        boolean entitled =
                event.users().contains(account.userId()) && account.asksFor(Rules.directIntent(event.type()));
        return entitled ? List.of(dispatch(event, certain(event), Rules.asPublished(event), 1, 1)) : List.of();
    }

    /// An event that changes nothing, in every state that it may have met.
    private static List<Expected> plain(Account account, Publication event, GuildHistory guild) {
        if (GuildState.changes(event.type())) {
            return List.of(); // its outcome is unknown: the caller has to treat the run as failed
        }
        int from = guild.earliest(event);
        int to = guild.latest(event);
        int seen = 0;
        int firstStint = Integer.MAX_VALUE;
        int lastStint = 0;
        for (int version = from; version <= to; version++) {
            if (Rules.tells(guild.state(version), account, event)) {
                int stint = guild.stint(account.userId(), version);
                firstStint = Math.min(firstStint, stint);
                lastStint = Math.max(lastStint, stint);
                seen++;
            }
        }
        if (seen == 0) {
            return List.of();
        }
        boolean always = seen == to - from + 1;
        return List.of(dispatch(event, always && certain(event), Rules.body(account, event), firstStint, lastStint));
    }

    private static List<Expected> change(Account account, Publication event, GuildHistory guild, int version) {
        String user = account.userId();
        GuildState before = guild.state(version - 1);
        GuildState after = guild.state(version);
        if (!before.hasMember(user) || !after.hasMember(user)) {
            return List.of(); // coming and going shows as GUILD_CREATE and GUILD_DELETE
        }
        int stint = guild.stint(user, version);
        String own =
                event.type().startsWith("CHANNEL_") ? event.body().path("id").asString() : "";
        var expected = new ArrayList<Expected>();
        if (Rules.tellsChange(before, after, account, event)) {
            Body body = Expected.byChannel(event.type()) ? Body.UNCHECKED : Rules.asPublished(event);
            expected.add(dispatch(event, true, body, stint, stint));
        }
        var channels = new TreeSet<>(before.channels().keySet());
        channels.addAll(after.channels().keySet());
        for (String channel : channels) {
            boolean was = before.views(user, channel);
            boolean is = after.views(user, channel);
            boolean told = channel.equals(own) && Expected.byChannel(event.type());
            if (was != is && !told) {
                String type = is ? "CHANNEL_CREATE" : "CHANNEL_DELETE";
                expected.add(new Expected(event, type, channel, true, Body.UNCHECKED, stint, stint));
            }
        }
        return expected;
    }

    private static boolean certain(Publication event) {
        return event.outcome() == Outcome.ACCEPTED && !Rules.droppable(event.type());
    }

    private static Expected dispatch(Publication event, boolean certain, Body body, int first, int last) {
        String subject =
                Expected.byChannel(event.type()) ? event.body().path("id").asString() : event.mark();
        return new Expected(event, event.type(), subject, certain, body, first, last);
    }

    /// Whether this client asks for what such events need, in a guild.
    public static boolean asksFor(Account account, String type) {
        return account.asksFor(Rules.intent(type));
    }

    /// Whether events of this type may be dropped and have no order.
    public static boolean droppable(String type) {
        return Rules.droppable(type);
    }
}
