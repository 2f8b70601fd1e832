package dev.guildcast.suite.command;

import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.suite.explain.ExplainQuery;
import dev.guildcast.suite.explain.GrpcExplainClient;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteIdentity;
import dev.guildcast.suite.world.World;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Explains why a user does or does not receive the events of a channel.
@Command(
        name = "explain",
        description = "Explains why a user does or does not see a channel: each rule and the permissions after it.",
        footer = {"", "The exit code is 0 if the user sees it, else 1."})
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "USER", description = "User name or id.")
    private String user = "";

    @Parameters(index = "1", paramLabel = "CHANNEL", description = "Channel by name or id.")
    private String channel = "";

    @Option(names = "--guild", paramLabel = "GUILD", description = "Guild by name or id, if several have the channel.")
    private String guild = "";

    @Override
    public Integer call() {
        var status = RunningSuite.find();
        var world = World.read(Optional.of(SuiteFolder.ofThisProcess().world()));
        var query = ExplainQuery.find(world, user, channel, guild);
        var nodes = status.services().stream()
                .filter(one -> one.name().equals(SuitePlan.FANOUT))
                .map(one -> "127.0.0.1:" + one.ports().getOrDefault("grpc", 0))
                .toList();
        var response = new GrpcExplainClient(nodes, SuiteIdentity.of(SuiteFolder.ofThisProcess(), PeerRole.OPERATOR))
                .explain(query);
        GrpcExplainClient.format(query, response).forEach(System.out::println);
        return response.getSees() ? 0 : 1;
    }
}
