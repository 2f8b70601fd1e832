package dev.guildcast.suite;

import dev.guildcast.brokers.ParentWatch;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.watch.GatewayWatcher;
import dev.guildcast.suite.world.World;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// A suite in one JVM that starts, loads its world and stops, so that the JVM records the classes for its AOT cache.
final class TrainingRun {
    /// A start without a cache, at the lowest priority, takes minutes on a slow machine.
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);

    /// The events take a second; a client that hangs must not keep the training from ending.
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(20);
    /// The intents GUILDS and GUILD_MESSAGES.
    private static final long GUILDS_AND_MESSAGES = 1L | 1L << 9;
    /// READY and one GUILD_CREATE: the whole delivery path has run by then.
    private static final int CLIENT_EVENTS = 2;

    private TrainingRun() {}

    public static void main(String... args) throws InterruptedException {
        ParentWatch.start();
        var options = SuiteOptions.defaults().withPort(0).withSingleJvm();
        var folder = SuiteFolder.ofThisProcess();
        boolean ready;
        Suite.commandLine().execute("up", "--help");
        try (var suite = LocalSuite.start(
                options, folder, JavaCommand.ofThisProcess(), endedServicesOnly(), System.out::println)) {
            ready = suite.awaitReady(READY_TIMEOUT);
            System.out.println(StatusFile.json(suite.status()));
            var client = Thread.ofVirtual().start(() -> runClient(suite));
            client.join(CLIENT_TIMEOUT);
            client.interrupt();
        }
        System.exit(ready ? 0 : 1);
    }

    /// Runs one client, so that the whole path from the socket to the log and back is recorded.
    private static void runClient(LocalSuite suite) {
        var gateway = URI.create(suite.status().gateway());
        var token = World.read(Optional.empty())
                .tokens()
                .properties()
                .iterator()
                .next()
                .getKey();
        try {
            new GatewayWatcher(gateway, token, GUILDS_AND_MESSAGES, CLIENT_EVENTS, System.out::println).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SuiteListener endedServicesOnly() {
        return new SuiteListener() {
            @Override
            public void onState(ServiceStatus status) {}

            @Override
            public void onEnded(ServiceStatus status, String reason, Duration backoff) {
                System.out.println(status.id() + " ended: " + reason);
            }
        };
    }
}
