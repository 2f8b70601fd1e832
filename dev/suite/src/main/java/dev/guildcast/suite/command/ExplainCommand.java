package dev.guildcast.suite.command;

import dev.guildcast.suite.explain.GrpcExplainClient;
import dev.guildcast.suite.explain.Place;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.world.World;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says why somebody is or is not told what happens in a channel.
@Command(
        name = "explain",
        description = "Says why a user does or does not see a channel: each rule, and what it left.",
        footer = {"", "The exit code is 0 if the user sees it, else 1."})
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

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
        var place = Place.find(world, user, channel, guild);
        var nodes = status.services().stream()
                .filter(one -> one.name().equals(SuitePlan.FANOUT))
                .map(one -> "127.0.0.1:" + one.ports().getOrDefault("grpc", 0))
                .toList();
        var answer = new GrpcExplainClient(nodes).ask(place);
        GrpcExplainClient.lines(place, answer).forEach(System.out::println);
        return answer.getSees() ? 0 : 1;
    }
}
