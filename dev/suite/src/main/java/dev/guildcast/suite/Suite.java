package dev.guildcast.suite;

import dev.guildcast.suite.command.DemoCommand;
import dev.guildcast.suite.command.DoctorCommand;
import dev.guildcast.suite.command.DownCommand;
import dev.guildcast.suite.command.ExplainCommand;
import dev.guildcast.suite.command.KillCommand;
import dev.guildcast.suite.command.PublishCommand;
import dev.guildcast.suite.command.StatusCommand;
import dev.guildcast.suite.command.TokenCommand;
import dev.guildcast.suite.command.UpCommand;
import dev.guildcast.suite.command.WatchCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The main class behind `./guildcast`.
@Command(
        name = "guildcast",
        description = "Runs Guildcast on this machine: embedded Kafka and Redis, all services, a small world.",
        mixinStandardHelpOptions = true,
        version = "guildcast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            StatusCommand.class,
            TokenCommand.class,
            PublishCommand.class,
            WatchCommand.class,
            ExplainCommand.class,
            KillCommand.class,
            DownCommand.class,
            DoctorCommand.class
        })
public final class Suite {
    private Suite() {}

    public static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new Suite());
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof IllegalStateException
                    || e instanceof IllegalArgumentException
                    || e instanceof IOException) {
                command.getErr().println(e.getMessage());
                return 1;
            }
            throw e;
        });
        return commandLine;
    }
}
