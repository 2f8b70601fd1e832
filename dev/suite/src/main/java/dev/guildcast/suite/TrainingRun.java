package dev.guildcast.suite;

import dev.guildcast.brokers.ParentWatch;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.watch.GatewayWatch;
import dev.guildcast.suite.world.World;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// A suite in one JVM that starts, loads its world and ends, so that the JVM learns which classes a suite needs.
final class TrainingRun {
    private static final Duration READY_MAX = Duration.ofMinutes(5);

    private static final Duration CLIENT_MAX = Duration.ofSeconds(20);
    private static final long GUILDS_AND_MESSAGES = 1L | 1L << 9;
    private static final int EVENTS_SEEN = 2;

    private TrainingRun() {}

    public static void main(String... args) throws InterruptedException {
        ParentWatch.start();
        var options = SuiteOptions.usual().withPort(0).inOneJvm();
        var folder = SuiteFolder.ofThisProcess();
        boolean ready;
        Suite.commandLine().execute("up", "--help");
        try (var suite = LocalSuite.start(options, folder, Image.ofThisProcess(), silent(), System.out::println)) {
            ready = suite.awaitReady(READY_MAX);
            System.out.println(StatusFile.json(suite.status()));
            var client = Thread.ofVirtual().start(() -> logIn(suite));
            client.join(CLIENT_MAX);
            client.interrupt();
        }
        System.exit(ready ? 0 : 1);
    }

    /// One client, so that the way from the socket to the log and back has been gone.
    private static void logIn(LocalSuite suite) {
        var gateway = URI.create(suite.status().gateway());
        var token = World.read(Optional.empty())
                .tokens()
                .properties()
                .iterator()
                .next()
                .getKey();
        try {
            new GatewayWatch(gateway, token, GUILDS_AND_MESSAGES, EVENTS_SEEN, System.out::println).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SuiteListener silent() {
        return new SuiteListener() {
            @Override
            public void onState(ServiceStatus status) {}

            @Override
            public void onEnded(ServiceStatus status, String why, Duration pause) {
                System.out.println(status.id() + " ended: " + why);
            }
        };
    }
}
