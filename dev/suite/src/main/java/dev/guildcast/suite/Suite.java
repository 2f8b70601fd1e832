package dev.guildcast.suite;

import dev.guildcast.suite.command.DemoCommand;
import dev.guildcast.suite.command.DoctorCommand;
import dev.guildcast.suite.command.DownCommand;
import dev.guildcast.suite.command.ExplainCommand;
import dev.guildcast.suite.command.FailurePrinter;
import dev.guildcast.suite.command.KillCommand;
import dev.guildcast.suite.command.PublishCommand;
import dev.guildcast.suite.command.StatusCommand;
import dev.guildcast.suite.command.TokenCommand;
import dev.guildcast.suite.command.UpCommand;
import dev.guildcast.suite.command.VoiceDemoCommand;
import dev.guildcast.suite.command.WatchCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

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
            VoiceDemoCommand.class,
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
    /// The exit code when the output could not be written.
    private static final int OUTPUT_LOST = 1;

    private Suite() {}

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Prints the stack trace of a failure, too.")
    private boolean verbose;

    public static void main(String... args) {
        int code = commandLine().execute(args);
        // A reader that has gone, or a full disk, fails no single print.
        System.exit(code == 0 && System.out.checkError() ? OUTPUT_LOST : code);
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new Suite());
        // The terminal's, also when a command redirects the output of the services in this JVM.
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        commandLine.setExecutionExceptionHandler(new FailurePrinter(1));
        return commandLine;
    }
}
