package dev.guildcast.suite.command;

import dev.guildcast.suite.doctor.EnvironmentCheck;
import dev.guildcast.suite.jvm.AotTraining;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts a suite and runs until it is stopped.
@Command(
        name = "up",
        description = "Starts the whole suite and stays in the foreground until Ctrl-C, SIGTERM or 'guildcast down'.",
        footer = {
            "",
            "Ports, counted from --port (default 8080): +0 REST base, +1 gateway, +2 ingress (HTTP), +3 ingress (gRPC),",
            "+4 voice gateway (TLS, by the certificate .guildcast/voice-gateway.pem), +10 Kafka, +11 Redis, from +20 on the service instances. All on 127.0.0.1.",
            "A suite continues where the last one ended: clients resume their sessions, changes of guilds stay, the world is",
            "not loaded again and the ingress token is the same. --fresh starts anew. Messages and presences are not kept.",
            "",
            "Each service has a log file in .guildcast/log; GUILDCAST_HOME names another folder for all of this."
        })
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    /// There is nothing to do meanwhile.
    private static final Duration READY_POLL = Duration.ofMinutes(1);

    @Option(names = "--single", description = "All services in one JVM: faster to start and smaller.")
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
            names = "--voice-servers",
            paramLabel = "N",
            description = "Instances of voice-server; with two, calls go on when one is killed.",
            defaultValue = "1")
    private int voiceServers;

    @Option(
            names = "--world",
            paramLabel = "FILE",
            description = "Users, guilds and events to start with instead of the bundled small world.")
    private @Nullable Path world;

    @Option(
            names = "--fresh",
            description = "Discards what an earlier suite has left in this folder, with its sessions and tokens.")
    private boolean fresh;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The first of the ports; 0 takes free ones.",
            defaultValue = "8080")
    private int port;

    @Override
    public Integer call() throws Exception {
        var options = new SuiteOptions(
                single,
                new Instances(gateways, sessionServices, fanouts, coordinators, voiceServers),
                Optional.ofNullable(world),
                port,
                fresh,
                Map.of());
        var folder = SuiteFolder.ofThisProcess();
        var console = System.out;
        var progress = ProgressPrinter.ofThisProcess(console);
        var javaCommand = JavaCommand.ofThisProcess();
        progress.report("starting " + (single ? "all services in one JVM" : "one process per service") + ", logs in "
                + (single ? folder.home().resolve("suite.log") : folder.logs()));
        EnvironmentCheck.memoryShortage(single).ifPresent(progress::report);
        var suite = LocalSuite.start(options, folder, javaCommand, progress, progress::report, () -> {
            if (single) {
                redirectOutput(folder.home().resolve("suite.log"));
            }
        });
        var training = new AotTraining(javaCommand, folder);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            progress.reportStopping();
                            training.close();
                            suite.close();
                            progress.reportStopped();
                        },
                        "suite-close"));
        progress.showServices(suite.ids());
        while (!suite.awaitReady(READY_POLL)) {
            // The changes are printed as they happen.
        }
        progress.reportReady(suite.status());
        training.startIfMissing(created -> progress.report(
                created
                        ? "the AOT cache is created: the next start will be faster"
                        : "the AOT cache could not be created, so starts stay slow: see aot-training.log"));
        suite.awaitClose();
        return 0;
    }

    /// Redirects the output of services in this JVM, which would mix with the progress on the terminal.
    private static void redirectOutput(Path file) {
        try {
            Files.createDirectories(file.getParent());
            var log = new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
            System.setOut(log);
            System.setErr(log);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot write " + file + ": " + FileFailure.reason(e)
                            + "; choose another folder with GUILDCAST_HOME",
                    e);
        }
    }
}
