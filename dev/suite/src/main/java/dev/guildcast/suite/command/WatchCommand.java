package dev.guildcast.suite.command;

import dev.guildcast.suite.watch.GatewayWatch;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Logs in as a user and prints what comes.
@Command(
        name = "watch",
        description = "Logs in as a user of the world, prints every event, resumes after a cut, and checks s.",
        footer = {"", "It ends with Ctrl-C. The exit code is 2 if a number was missing or came twice."})
public final class WatchCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Parameters(arity = "0..1", paramLabel = "TOKEN|NAME", description = "Whom to log in as.", defaultValue = "ada")
    private String who = "";

    @Option(
            names = "--intents",
            paramLabel = "N",
            description = "Intents as a number; all by default.",
            defaultValue = "53608447")
    private long intents;

    @Option(names = "--count", paramLabel = "N", description = "End after that many events.", defaultValue = "0")
    private int count;

    @Option(names = "--url", paramLabel = "URL", description = "Another gateway than the suite's.")
    private @Nullable URI url;

    @Override
    public Integer call() throws InterruptedException {
        var gateway = url != null ? url : URI.create(RunningSuite.find().gateway());
        var token = TokenCommand.find(TokenCommand.known(), who);
        var watch = new GatewayWatch(gateway, token, intents, count, System.out::println);
        return watch.run() ? 0 : 2;
    }
}
