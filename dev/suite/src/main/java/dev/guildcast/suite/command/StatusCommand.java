package dev.guildcast.suite.command;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the status of the suite.
@Command(name = "status", description = "Prints the status of the suite. The exit code is 0 when it is ready, else 1.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Option(names = "--json", description = "One JSON object for programs, also when no suite runs.")
    private boolean json;

    @Override
    public Integer call() {
        var status = new StatusFile(SuiteFolder.ofThisProcess()).read();
        if (json) {
            System.out.println(StatusFile.json(status.orElseGet(SuiteStatus::none)));
        } else if (status.isEmpty()) {
            System.out.println("no suite runs in " + SuiteFolder.ofThisProcess().home());
        } else {
            print(status.get());
        }
        return status.map(SuiteStatus::ready).orElse(false) ? 0 : 1;
    }

    private static void print(SuiteStatus status) {
        System.out.println(status.ready() ? "ready" : "not ready");
        System.out.println("  REST base  " + status.api());
        System.out.println("  gateway    " + status.gateway());
        System.out.println("  ingress    " + status.ingress() + "  token " + status.ingressToken());
        for (var one : status.services()) {
            var ports = one.ports().entrySet().stream()
                    .map(port -> port.getKey() + " " + port.getValue())
                    .collect(Collectors.joining(", "));
            System.out.printf(
                    "  %-28s %-12s pid %-8d %s%s%n",
                    one.id(),
                    one.state(),
                    one.pid(),
                    ports,
                    one.restarts() == 0 ? "" : ", restarted " + one.restarts() + " times");
        }
    }
}
