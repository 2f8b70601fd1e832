package dev.guildcast.suite.world;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Asks the session hosts whether a world's users are in their guilds already.
///
/// A client that identified before would be shown a guild as one that its user has just joined.
///
/// - **Bound:** one question to one host at a time, [#ANSWER_SECONDS_MAX] each.
public final class ShownMemberships {
    private static final int ANSWER_SECONDS_MAX = 5;

    private final List<String> targets;

    /// @param targets `host:port` of the session hosts' gRPC servers
    public ShownMemberships(List<String> targets) {
        this.targets = List.copyOf(targets);
    }

    /// The users that a client would not be shown in all of these guilds if it identified now.
    ///
    /// A host that does not answer is taken for one that knows nobody.
    ///
    /// @param wanted guilds by user
    public List<Long> missing(Map<Long, Set<Long>> wanted) {
        var shown = new HashMap<Long, Set<Long>>();
        if (!wanted.isEmpty()) {
            var question =
                    UserGuildsRequest.newBuilder().addAllUsers(wanted.keySet()).build();
            targets.forEach(target -> ask(target, question, shown));
        }
        var missing = new ArrayList<Long>();
        wanted.forEach((user, guilds) -> {
            if (!shown.getOrDefault(user, Set.of()).containsAll(guilds)) {
                missing.add(user);
            }
        });
        return missing;
    }

    private static void ask(String target, UserGuildsRequest question, Map<Long, Set<Long>> shown) {
        var channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        try {
            SessionHostGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                    .userGuilds(question)
                    .getUsersList()
                    .forEach(one -> shown.put(one.getUserId(), Set.copyOf(one.getGuildsList())));
        } catch (StatusRuntimeException e) {
            // Asked again by whoever wants to know.
        } finally {
            channel.shutdownNow();
        }
    }
}
