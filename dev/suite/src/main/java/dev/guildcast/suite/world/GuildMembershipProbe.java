package dev.guildcast.suite.world;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.shard.access.GrpcIdentity;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Queries the session hosts for whether a world's users are members of their guilds yet.
///
/// A client that identified earlier would receive a guild as one that its user has just joined.
///
/// - **Bound:** one request to one host at a time, [#RESPONSE_SECONDS_MAX] seconds each.
public final class GuildMembershipProbe {
    /// Hosts respond from memory; one that hangs counts as empty until the next attempt.
    private static final int RESPONSE_SECONDS_MAX = 5;

    private final List<String> targets;
    private final GrpcIdentity identity;

    /// @param targets `host:port` of the session hosts' gRPC servers
    /// @param identity of an operator
    public GuildMembershipProbe(List<String> targets, GrpcIdentity identity) {
        this.targets = List.copyOf(targets);
        this.identity = identity;
    }

    /// The users who would not receive all of these guilds if they identified now.
    ///
    /// A host that does not respond counts as one without users.
    ///
    /// @param expected guilds by user
    public List<Long> usersMissingGuilds(Map<Long, Set<Long>> expected) {
        var memberships = new HashMap<Long, Set<Long>>();
        if (!expected.isEmpty()) {
            var request = UserGuildsRequest.newBuilder()
                    .addAllUsers(expected.keySet())
                    .build();
            targets.forEach(target -> query(target, request, memberships));
        }
        var missing = new ArrayList<Long>();
        expected.forEach((user, guilds) -> {
            if (!memberships.getOrDefault(user, Set.of()).containsAll(guilds)) {
                missing.add(user);
            }
        });
        return missing;
    }

    private void query(String target, UserGuildsRequest request, Map<Long, Set<Long>> memberships) {
        var channel = identity.channel(target).build();
        try {
            SessionHostGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(RESPONSE_SECONDS_MAX, TimeUnit.SECONDS)
                    .userGuilds(request)
                    .getUsersList()
                    .forEach(one -> memberships.put(one.getUserId(), Set.copyOf(one.getGuildsList())));
        } catch (StatusRuntimeException e) {
            // The caller repeats the query.
        } finally {
            channel.shutdownNow();
        }
    }
}
