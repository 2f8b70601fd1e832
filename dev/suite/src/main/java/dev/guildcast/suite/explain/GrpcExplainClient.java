package dev.guildcast.suite.explain;

import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.contract.Permissions;
import dev.guildcast.shard.access.GrpcIdentity;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Queries the fan-out nodes in turn until the owner of the guild's shard responds.
///
/// - **Bound:** one request at a time, [#RESPONSE_SECONDS_MAX] seconds each.
public final class GrpcExplainClient {
    /// Nodes respond from memory; one that hangs must not keep the next from being asked.
    private static final int RESPONSE_SECONDS_MAX = 5;

    private final List<String> targets;
    private final GrpcIdentity identity;

    /// @param targets `host:port` of the fan-out nodes' gRPC servers
    /// @param identity of an operator
    public GrpcExplainClient(List<String> targets, GrpcIdentity identity) {
        this.targets = List.copyOf(targets);
        this.identity = identity;
    }

    /// @throws IllegalStateException if no node owns the guild's shard at the moment; the message is for the user
    public ExplainResponse explain(ExplainQuery query) {
        var request = ExplainRequest.newBuilder()
                .setGuildId(query.guildId())
                .setUserId(query.userId())
                .setChannelId(query.channelId())
                .build();
        for (var target : targets) {
            var channel = identity.channel(target).build();
            try {
                return GuildQueryGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(RESPONSE_SECONDS_MAX, TimeUnit.SECONDS)
                        .explain(request);
            } catch (StatusRuntimeException e) {
                var code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED) {
                    throw new IllegalStateException(
                            "the owner of the guild's shard rejected it: "
                                    + e.getStatus().getDescription(),
                            e);
                }
            } finally {
                channel.shutdownNow();
            }
        }
        throw new IllegalStateException(
                "no fanout-service owns this guild's shard, because it is moving or its node is down: try again");
    }

    /// The response as lines for the terminal: the result, then each rule with the permissions after it.
    public static List<String> format(ExplainQuery query, ExplainResponse response) {
        var lines = new ArrayList<String>();
        int sessions = response.getSessionsCount();
        lines.add(query.user() + (response.getSees() ? " sees #" : " does not see #") + query.channel() + " of "
                + query.guild() + " (" + (response.getMember() ? "a member" : "no member") + ", "
                + (sessions == 1 ? "1 session" : sessions + " sessions") + " here)");
        for (var step : response.getStepsList()) {
            boolean mayView = (step.getPermissions() & Permissions.VIEW_CHANNEL) != 0;
            lines.add("  %-28s %s  permissions %s"
                    .formatted(
                            step.getRule(),
                            mayView ? "may view    " : "may not view",
                            Long.toUnsignedString(step.getPermissions())));
        }
        return lines;
    }
}
