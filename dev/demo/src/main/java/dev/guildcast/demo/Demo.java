package dev.guildcast.demo;

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
                    + "clients and one of plain frames, publishes events, kills one of each service under way, and "
                    + "checks what every client received against a model of who may see what.",
            "The exit code is 0 if every client got every event it was entitled to, in order, once."
        })
public final class Demo implements Callable<Integer> {
    private static final int SECONDS_MIN = 10;
    private static final int SECONDS_MAX = 600;
    private static final int RATE_MAX = 500;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the plan of an earlier run.")
    private @Nullable Long seed;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Length of the traffic: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "50", description = "Events a second: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--no-kills", description = "Leaves all services alone.")
    private boolean noKills;

    @Option(names = "--keep", description = "Leaves the suite running afterwards, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--running",
            description =
                    "Takes the suite that './guildcast up' runs instead of one of its own; its guilds are reset first.")
    private boolean running;

    @Option(
            names = "--world",
            paramLabel = "FILE",
            description = "The world file; with --running, the one that suite was started with.")
    private @Nullable Path world;

    public static void main(String... args) {
        // Before the first logger is asked for.
        System.setProperty("logback.configurationFile", "dev/guildcast/demo/logback-demo.xml");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Demo());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof IllegalStateException || e instanceof IllegalArgumentException) {
                command.getErr().println(e.getMessage());
                return 2;
            }
            throw e;
        });
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        within("--seconds", seconds, SECONDS_MIN, SECONDS_MAX);
        within("--rate", rate, 1, RATE_MAX);
        if (running && world == null) {
            throw new IllegalArgumentException(
                    "--running needs --world FILE, the world that the running suite was started with");
        }
        long chosen = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
        var screen = new Screen(System.out);
        screen.say("seed " + chosen + ": ./guildcast demo --seed " + chosen + " repeats this plan");
        var settings = new DemoSettings(chosen, seconds, rate, !noKills);
        try (DemoSuite suite =
                running ? RunningDemoSuite.find() : OwnDemoSuite.start(Optional.ofNullable(world), screen)) {
            boolean good = new DemoRun(settings, suite, DemoWorld.read(Optional.ofNullable(world)), screen).run();
            if (keep && !running) {
                screen.say("the suite keeps running: gateway " + suite.status().gateway() + ", Ctrl-C ends it");
                Thread.currentThread().join();
            }
            return good ? 0 : 1;
        }
    }

    private static void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " " + value + " (expected: " + least + ".." + most + ")");
        }
    }
}
