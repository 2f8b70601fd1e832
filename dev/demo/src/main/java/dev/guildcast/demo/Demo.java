package dev.guildcast.demo;

import dev.guildcast.suite.command.FailurePrinter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command behind `./guildcast demo`.
@Command(
        name = "guildcast demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a suite with two of each gateway-service, session-service and fanout-service, logs in three JDA "
                    + "clients and one raw client, publishes events, kills one of each service meanwhile, and "
                    + "verifies what every client received against a model of who may see what.",
            "The exit code is 0 if every client received every event it was entitled to, in order, once."
        })
public final class Demo implements Callable<Integer> {
    /// In a shorter run the kills would overlap.
    private static final int SECONDS_MIN = 10;
    /// All that clients receive is kept in memory until the end.
    private static final int SECONDS_MAX = 600;
    /// Above this the clients, not the suite, are the bottleneck on one machine.
    private static final int RATE_MAX = 500;

    /// The exit code of a run without a verdict, or whose verdict could not be written.
    private static final int FAILURE = 2;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the traffic plan of an earlier run.")
    private @Nullable Long seed;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Duration of the traffic in seconds: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50",
            description = "Events per second: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--no-kills", description = "Kills no services.")
    private boolean noKills;

    @Option(names = "--keep", description = "Keeps the suite running afterwards, until Ctrl-C.")
    private boolean keep;

    @Option(names = "--verbose", description = "Prints the stack trace of a failure, too.")
    private boolean verbose;

    @Option(
            names = "--running",
            description =
                    "Uses the suite that './guildcast up' runs instead of one of its own; its guilds are reset first.")
    private boolean running;

    @Option(
            names = "--world",
            paramLabel = "FILE",
            description = "The world file; with --running, the one that suite was started with.")
    private @Nullable Path world;

    public static void main(String... args) {
        // Set before the first logger is created.
        System.setProperty("logback.configurationFile", "dev/guildcast/demo/logback-demo.xml");
        int code = commandLine().execute(args);
        // A reader that has gone, or a full disk, fails no single print.
        System.exit(code == 0 && System.out.checkError() ? FAILURE : code);
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new Demo());
        commandLine.setExecutionExceptionHandler(new FailurePrinter(FAILURE));
        return commandLine;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireInRange("--seconds", seconds, SECONDS_MIN, SECONDS_MAX);
        requireInRange("--rate", rate, 1, RATE_MAX);
        if (running && world == null) {
            throw new IllegalArgumentException(
                    "--running needs --world FILE, the world that the running suite was started with");
        }
        long chosenSeed = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
        var console = new DemoConsole(System.out);
        console.report("seed " + chosenSeed + ": ./guildcast demo --seed " + chosenSeed + " repeats this plan");
        var settings = new DemoSettings(chosenSeed, seconds, rate, !noKills);
        try (DemoSuite suite =
                running ? AttachedDemoSuite.find() : DedicatedDemoSuite.start(Optional.ofNullable(world), console)) {
            boolean passed = new DemoRun(settings, suite, DemoWorld.read(Optional.ofNullable(world)), console).run();
            if (keep && !running) {
                console.report(
                        "the suite keeps running: gateway " + suite.status().gateway() + ", Ctrl-C stops it");
                Thread.currentThread().join();
            }
            return passed ? 0 : 1;
        }
    }

    private static void requireInRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
