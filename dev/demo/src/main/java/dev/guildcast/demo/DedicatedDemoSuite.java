package dev.guildcast.demo;

import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A suite started by the demo, in its own folder and on free ports, so that it does not disturb another.
final class DedicatedDemoSuite implements DemoSuite {
    /// One instance keeps serving while the other is killed.
    private static final int INSTANCES = 2;
    /// A first start without an AOT cache on a slow machine takes minutes.
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);

    private final LocalSuite suite;

    private DedicatedDemoSuite(LocalSuite suite) {
        this.suite = suite;
    }

    /// Starts it and waits until it is ready.
    ///
    /// @throws IllegalStateException if it is not ready in time; the message is for the user
    static DedicatedDemoSuite start(Optional<Path> world, DemoConsole console) throws InterruptedException {
        Path home = SuiteFolder.ofThisProcess().home().resolve("demo");
        var options = SuiteOptions.defaults()
                .withInstances(new Instances(INSTANCES, INSTANCES, INSTANCES, 1))
                .withWorld(world.orElseGet(() -> DemoWorld.write(home)))
                .withPort(0);
        var folder = new SuiteFolder(home);
        console.report("starting a suite, two each of gateway, session and fanout; logs in " + folder.logs());
        LocalSuite suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), console, console::report);
        Runtime.getRuntime().addShutdownHook(new Thread(suite::close, "suite-close"));
        if (!suite.awaitReady(READY_WITHIN)) {
            List<String> missing = suite.status().services().stream()
                    .filter(one -> !one.state().equals(ServiceState.READY.label()))
                    .map(SuiteStatus.Instance::id)
                    .toList();
            suite.close();
            throw new IllegalStateException("not ready after " + READY_WITHIN.toMinutes() + " minutes: "
                    + String.join(", ", missing) + "; their logs are in " + folder.logs());
        }
        return new DedicatedDemoSuite(suite);
    }

    @Override
    public SuiteStatus status() {
        return suite.status();
    }

    @Override
    public boolean kill(String id) {
        return suite.kill(id);
    }

    @Override
    public void close() {
        suite.close();
    }
}
