package dev.guildcast.demo;

import dev.guildcast.suite.LocalSuite;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A suite of the demo's own, in a folder and on ports of its own, so that it disturbs no other.
final class OwnDemoSuite implements DemoSuite {
    private static final int TWO = 2;
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration SAY_EVERY = Duration.ofSeconds(10);

    private final LocalSuite suite;

    private OwnDemoSuite(LocalSuite suite) {
        this.suite = suite;
    }

    /// Starts it and waits until it is ready.
    ///
    /// @throws IllegalStateException if it does not get ready in time; the message is a sentence
    static OwnDemoSuite start(Optional<Path> world, Screen screen) throws InterruptedException {
        Path home = SuiteFolder.ofThisProcess().home().resolve("demo");
        var options =
                new SuiteOptions(false, TWO, TWO, TWO, 1, Optional.of(world.orElseGet(() -> DemoWorld.write(home))), 0);
        var folder = new SuiteFolder(home);
        screen.say("starting a suite, two each of gateway, session and fanout; logs in " + folder.logs());
        LocalSuite suite = LocalSuite.start(options, folder, Image.ofThisProcess(), screen, screen::say);
        Runtime.getRuntime().addShutdownHook(new Thread(suite::close, "suite-close"));
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!suite.awaitReady(SAY_EVERY)) {
            List<String> missing = suite.status().services().stream()
                    .filter(one -> !one.state().equals(ServiceState.READY.word()))
                    .map(SuiteStatus.Instance::id)
                    .toList();
            if (System.nanoTime() > deadline) {
                suite.close();
                throw new IllegalStateException("not ready after " + READY_WITHIN.toMinutes() + " minutes: " + missing
                        + "; what they say is in " + folder.logs());
            }
            screen.say(missing.isEmpty() ? "loading the world" : "waiting for " + String.join(", ", missing));
        }
        return new OwnDemoSuite(suite);
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
