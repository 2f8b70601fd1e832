package dev.guildcast.suite.command;

import dev.guildcast.suite.doctor.Checkup;
import dev.guildcast.suite.doctor.Finding;
import dev.guildcast.suite.plan.SuiteOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what this machine lacks.
@Command(
        name = "doctor",
        description = "Looks for what a suite needs on this machine and says what to do where it is missing.",
        footer = {"", "The exit code is 1 if a suite could not start."})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Option(names = "--port", paramLabel = "N", description = "The first port, as for up.", defaultValue = "8080")
    private int port = SuiteOptions.DEFAULT_PORT;

    @Override
    public Integer call() {
        var findings = Checkup.ofThisMachine(port);
        findings.forEach(
                finding -> System.out.printf("%-5s %s%n", finding.level().word(), finding.sentence()));
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAILS) ? 1 : 0;
    }
}
