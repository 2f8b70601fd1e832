package dev.guildcast.suite.command;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Stops the suite.
@Command(name = "down", description = "Stops the suite of this folder and returns when none of its processes is left.")
public final class DownCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    /// Longer than the suite takes when every service has to be killed.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    private static final String STOPPED = "the suite has stopped";

    /// The script has already sent SIGTERM to the process in the property `guildcast.asked`; 0 if to none.
    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        long asked = Long.getLong("guildcast.asked", 0);
        var launcher = asked != 0 ? ProcessHandle.of(asked) : runningSuite();
        if (launcher.isEmpty()) {
            System.out.println(
                    asked != 0
                            ? STOPPED
                            : "no suite runs in " + SuiteFolder.ofThisProcess().home());
            return 0;
        }
        if (asked == 0) {
            launcher.get().destroy();
        }
        try {
            launcher.get().onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println("the suite did not stop in time: killing its processes");
            launcher.get().descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.get().destroyForcibly();
            launcher.get().onExit().get();
        }
        System.out.println(STOPPED);
        return 0;
    }

    private static Optional<ProcessHandle> runningSuite() {
        return new StatusFile(SuiteFolder.ofThisProcess()).read().flatMap(found -> ProcessHandle.of(found.pid()));
    }
}
