package dev.guildcast.suite.command;

import dev.guildcast.suite.LocalSuite;
import dev.guildcast.suite.image.AotTraining;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts a suite and stays until it is told to end.
@Command(
        name = "up",
        description = "Starts the whole suite and stays in the foreground until Ctrl-C, SIGTERM or 'guildcast down'.",
        footer = {
            "",
            "Ports, counted from --port (default 8080): +0 REST base, +1 gateway, +2 ingress (HTTP), +3 ingress (gRPC),",
            "+10 Kafka, +11 Redis, from +20 on the single services. All on 127.0.0.1.",
            "Each service has a log file in .guildcast/log; GUILDCAST_HOME names another folder."
        })
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    private static final Duration SAY_EVERY = Duration.ofSeconds(10);

    @Option(names = "--single", description = "All services in one JVM: quicker to start and smaller.")
    private boolean single;

    @Option(names = "--gateways", paramLabel = "N", description = "Instances of gateway-service.", defaultValue = "1")
    private int gateways;

    @Option(
            names = "--session-services",
            paramLabel = "N",
            description = "Instances of session-service.",
            defaultValue = "1")
    private int sessionServices;

    @Option(names = "--fanouts", paramLabel = "N", description = "Instances of fanout-service.", defaultValue = "1")
    private int fanouts;

    @Option(
            names = "--coordinators",
            paramLabel = "N",
            description = "Instances of shard-coordinator.",
            defaultValue = "1")
    private int coordinators;

    @Option(
            names = "--world",
            paramLabel = "FILE",
            description = "Users, guilds and events to load instead of the small world that comes along.")
    private @Nullable Path world;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The first of the ports; 0 takes free ones.",
            defaultValue = "8080")
    private int port;

    @Override
    public Integer call() throws Exception {
        var options = new SuiteOptions(
                single, gateways, sessionServices, fanouts, coordinators, Optional.ofNullable(world), port);
        var folder = SuiteFolder.ofThisProcess();
        var screen = System.out;
        if (single) {
            toFile(folder.home().resolve("suite.log"));
        }
        var progress = new Progress(screen);
        var image = Image.ofThisProcess();
        progress.say("starting " + (single ? "all services in one JVM" : "one process a service") + ", logs in "
                + (single ? folder.home().resolve("suite.log") : folder.logs()));
        var suite = LocalSuite.start(options, folder, image, progress, progress::say);
        var training = new AotTraining(image, folder);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            progress.end();
                            training.close();
                            suite.close();
                            progress.ended();
                        },
                        "suite-close"));
        while (!suite.awaitReady(SAY_EVERY)) {
            progress.waiting();
        }
        progress.ready(suite.status());
        training.startIfMissing(made -> progress.say(
                made
                        ? "the next start will be quicker: its AOT cache is made"
                        : "no AOT cache was made: see aot-training.log"));
        suite.awaitClose();
        return 0;
    }

    /// What the services print must not run over the screen.
    private static void toFile(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var log = new PrintStream(new FileOutputStream(file.toFile()), true, StandardCharsets.UTF_8);
        System.setOut(log);
        System.setErr(log);
    }
}
