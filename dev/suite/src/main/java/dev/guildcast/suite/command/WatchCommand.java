package dev.guildcast.suite.command;

import dev.guildcast.suite.watch.GatewayWatcher;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Logs in as a user and prints the dispatches it receives.
@Command(
        name = "watch",
        description = "Logs in as a user of the world, prints every dispatch, resumes when cut off, and verifies s.",
        footer = {
            "",
            "Ctrl-C ends it. The exit code is 2 if a sequence number was missing or repeated, 1 if the gateway",
            "rejected the token."
        })
public final class WatchCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN|NAME",
            description = "User or token to log in as.",
            defaultValue = "ada")
    private String tokenOrName = "";

    @Option(
            names = "--intents",
            paramLabel = "N",
            description = "Intents as a number; all by default.",
            defaultValue = "53608447")
    private long intents;

    @Option(names = "--count", paramLabel = "N", description = "End after that many dispatches.", defaultValue = "0")
    private int count;

    @Option(names = "--url", paramLabel = "URL", description = "A gateway other than the suite's.")
    private @Nullable URI url;

    @Override
    public Integer call() throws InterruptedException {
        var gateway = url != null ? url : URI.create(RunningSuite.find().gateway());
        var token = TokenCommand.findToken(TokenCommand.readWorld(), tokenOrName);
        var watcher = new GatewayWatcher(gateway, token, intents, count, WatchCommand::print);
        return switch (watcher.run()) {
            case COMPLETE -> 0;
            case REJECTED -> 1;
            case SEQUENCE_VIOLATED -> 2;
        };
    }

    /// Ends this process when nobody reads its output any more, as in `watch | head`.
    private static void print(String line) {
        System.out.println(line);
        if (System.out.checkError()) {
            System.exit(1);
        }
    }
}
