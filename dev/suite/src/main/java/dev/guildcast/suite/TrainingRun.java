package dev.guildcast.suite;

import dev.guildcast.brokers.ParentWatch;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import java.time.Duration;

/// A suite in one JVM that starts, loads its world and ends, so that the JVM learns which classes a suite needs.
final class TrainingRun {
    private static final Duration READY_MAX = Duration.ofMinutes(5);

    private TrainingRun() {}

    public static void main(String... args) throws InterruptedException {
        ParentWatch.start();
        var options = SuiteOptions.usual().withPort(0).inOneJvm();
        var folder = SuiteFolder.ofThisProcess();
        boolean ready;
        try (var suite = LocalSuite.start(options, folder, Image.ofThisProcess(), silent(), System.out::println)) {
            ready = suite.awaitReady(READY_MAX);
            // Other commands, and the supervisor of children, read this.
            System.out.println(StatusFile.json(suite.status()));
        }
        System.exit(ready ? 0 : 1);
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
