package dev.guildcast.session.audience;

import dev.guildcast.contract.Intents;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.session.Session;

/// The rate limit of op 8 for all members of a guild: once in [#INTERVAL_MILLIS] for each guild and session.
///
/// Only requests that would be answered count: for all members, by a session with the GUILD_MEMBERS intent, of a guild
/// that its user is a member of.
public final class FullMemberRequests {
    /// Discord's limit for such requests.
    public static final long INTERVAL_MILLIS = 30_000;

    private FullMemberRequests() {}

    /// Whether a request is subject to the limit.
    ///
    /// @param member whether the user is a member of the guild
    public static boolean isLimited(Session session, RequestMembers request, boolean member) {
        return request.hasQuery()
                && request.getQuery().isEmpty()
                && request.getLimit() == 0
                && request.getUserIdsCount() == 0
                && member
                && session.clientShard().includes(request.getGuildId())
                && session.wantsAnyOf(Intents.GUILD_MEMBERS);
    }

    /// Records a request that was accepted, when its record is applied.
    public static void recordAccepted(Session session, long guildId, long atMillis) {
        var requests = session.fullMemberRequests();
        requests.values().removeIf(at -> at <= atMillis - INTERVAL_MILLIS);
        requests.put(guildId, atMillis);
    }

    /// Milliseconds until the next request for this guild is accepted; 0: now.
    public static long waitMillis(Session session, long guildId, long nowMillis) {
        var last = session.fullMemberRequests().get(guildId);
        return last == null ? 0 : Math.clamp(last + INTERVAL_MILLIS - nowMillis, 0, INTERVAL_MILLIS);
    }
}
