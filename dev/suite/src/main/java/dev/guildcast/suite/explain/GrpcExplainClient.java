package dev.guildcast.suite.explain;

import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.contract.Permissions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks every fan-out node until the one answers that owns the guild's shard.
///
/// - **Bound:** one question at a time, [#ANSWER_SECONDS_MAX] each.
public final class GrpcExplainClient {
    private static final int ANSWER_SECONDS_MAX = 5;

    private final List<String> targets;

    /// @param targets `host:port` of the fan-out nodes' gRPC servers
    public GrpcExplainClient(List<String> targets) {
        this.targets = List.copyOf(targets);
    }

    /// @throws IllegalStateException if no node owns the guild's shard at the moment; the message is a sentence
    public ExplainResponse ask(Place place) {
        var request = ExplainRequest.newBuilder()
                .setGuildId(place.guildId())
                .setUserId(place.userId())
                .setChannelId(place.channelId())
                .build();
        for (var target : targets) {
            var channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                    .build();
            try {
                return GuildQueryGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                        .explain(request);
            } catch (StatusRuntimeException e) {
                var code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED) {
                    throw new IllegalStateException(
                            "the owner of the guild refused: " + e.getStatus().getDescription(), e);
                }
            } finally {
                channel.shutdownNow();
            }
        }
        throw new IllegalStateException("no fanout-service owns this guild at the moment: try again");
    }

    /// The answer in lines for the screen: the verdict, then each rule with what it left.
    public static List<String> lines(Place place, ExplainResponse answer) {
        var lines = new ArrayList<String>();
        int sessions = answer.getSessionsCount();
        lines.add(place.user() + (answer.getSees() ? " sees #" : " does not see #") + place.channel() + " of "
                + place.guild() + " (" + (answer.getMember() ? "a member" : "no member") + ", "
                + (sessions == 1 ? "1 session" : sessions + " sessions") + " here)");
        for (var step : answer.getStepsList()) {
            boolean view = (step.getPermissions() & Permissions.VIEW_CHANNEL) != 0;
            lines.add("  %-28s %s  permissions %s"
                    .formatted(
                            step.getRule(),
                            view ? "may view    " : "may not view",
                            Long.toUnsignedString(step.getPermissions())));
        }
        return lines;
    }
}
