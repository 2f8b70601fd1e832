package dev.guildcast.suite.command;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Ends the suite.
@Command(name = "down", description = "Ends the suite of this folder and returns when none of its processes is left.")
public final class DownCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    private static final Duration END_MAX = Duration.ofSeconds(40);

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        var status = new StatusFile(SuiteFolder.ofThisProcess()).read();
        var launcher = status.flatMap(found -> ProcessHandle.of(found.pid()));
        if (launcher.isEmpty()) {
            System.out.println("no suite runs in " + SuiteFolder.ofThisProcess().home());
            return 0;
        }
        launcher.get().destroy();
        try {
            launcher.get().onExit().get(END_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println("it does not end by itself: killed");
            launcher.get().descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.get().destroyForcibly();
            launcher.get().onExit().get();
        }
        System.out.println("the suite has ended");
        return 0;
    }
}
