package dev.guildcast.session.audience;

import dev.guildcast.contract.Intents;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.session.Session;

/// Op 8 for all members of a guild: answered once per guild and session in [#EVERY_MILLIS].
///
/// Only what would be answered counts: "everyone", by a session with the GUILD_MEMBERS intent, of a guild of its own.
public final class WholeLists {
    public static final long EVERY_MILLIS = 30_000;

    private WholeLists() {}

    /// @param member whether the user is a member of the guild
    public static boolean counts(Session session, RequestMembers request, boolean member) {
        return request.hasQuery()
                && request.getQuery().isEmpty()
                && request.getLimit() == 0
                && request.getUserIdsCount() == 0
                && member
                && session.clientShard().holds(request.getGuildId())
                && session.wants(Intents.GUILD_MEMBERS);
    }

    /// An accepted request stands in the log.
    public static void accepted(Session session, long guildId, long atMillis) {
        var lists = session.wholeLists();
        lists.values().removeIf(at -> at <= atMillis - EVERY_MILLIS);
        lists.put(guildId, atMillis);
    }

    /// Milliseconds until the next request for this guild is answered; 0: now.
    public static long waitMillis(Session session, long guildId, long nowMillis) {
        var last = session.wholeLists().get(guildId);
        return last == null ? 0 : Math.clamp(last + EVERY_MILLIS - nowMillis, 0, EVERY_MILLIS);
    }
}
