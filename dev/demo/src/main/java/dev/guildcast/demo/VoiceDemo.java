package dev.guildcast.demo;

import dev.guildcast.suite.command.FailurePrinter;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command behind `./guildcast voice-demo`.
@Command(
        name = "guildcast voice-demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a suite with two voice servers, lets two clients talk in a voice channel, kills the voice server "
                    + "that carries them, and prints how long each heard nothing.",
            "The exit code is 0 if both heard each other before and after, with less than a second between."
        })
public final class VoiceDemo implements Callable<Integer> {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration GAP_MAX = Duration.ofSeconds(1);
    private static final int VOICE_SERVERS = 2;
    private static final double MILLIS = 1e6;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "3", description = "How often: ${DEFAULT-VALUE}.")
    private int kills;

    @Option(names = "--verbose", description = "Prints what happened to the clients, and the stack trace of a failure.")
    private boolean verbose;

    public static void main(String... args) {
        // Set before the first logger is created.
        System.setProperty("logback.configurationFile", "dev/guildcast/demo/logback-demo.xml");
        var commandLine = new CommandLine(new VoiceDemo());
        commandLine.setExecutionExceptionHandler(new FailurePrinter(2));
        System.exit(commandLine.execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var console = new DemoConsole(System.out);
        var folder = new SuiteFolder(SuiteFolder.ofThisProcess().home().resolve("voice-demo"));
        var options = SuiteOptions.defaults()
                .withInstances(Instances.ONE.withVoiceServers(VOICE_SERVERS))
                .withPort(0);
        console.report("starting a suite with two voice servers; logs in " + folder.logs());
        var suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), console, console::report);
        Runtime.getRuntime().addShutdownHook(new Thread(suite::close, "suite-close"));
        if (!suite.awaitReady(READY_WITHIN)) {
            throw new IllegalStateException(
                    "not ready after " + READY_WITHIN.toMinutes() + " minutes; see " + folder.logs());
        }
        try (var run = new VoiceDemoRun(suite, folder, console::report)) {
            run.connect();
            boolean passed = true;
            for (int i = 0; i < kills; i++) {
                var outcome = run.killServer();
                console.report(String.format(
                        Locale.ROOT,
                        "%s was killed: ada heard nothing for %.0f ms, ben for %.0f ms",
                        outcome.killed(),
                        outcome.gaps().getFirst().toNanos() / MILLIS,
                        outcome.gaps().getLast().toNanos() / MILLIS));
                passed &= outcome.gaps().stream().allMatch(gap -> gap.compareTo(GAP_MAX) < 0);
                run.awaitServers(VOICE_SERVERS);
            }
            if (verbose) {
                run.log().forEach(console::print);
            }
            return passed ? 0 : 1;
        }
    }
}
