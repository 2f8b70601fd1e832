package dev.guildcast.suite.command;

import dev.guildcast.suite.doctor.EnvironmentCheck;
import dev.guildcast.suite.doctor.Finding;
import dev.guildcast.suite.plan.SuiteOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Reports what this machine lacks for running a suite.
@Command(
        name = "doctor",
        description = "Checks this machine for what a suite needs and says how to fix what is missing.",
        footer = {"", "The exit code is 1 if a suite cannot start."})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Option(names = "--port", paramLabel = "N", description = "The first port, as for up.", defaultValue = "8080")
    private int port = SuiteOptions.DEFAULT_PORT;

    @Override
    public Integer call() {
        var findings = EnvironmentCheck.ofThisMachine(port);
        findings.forEach(
                finding -> System.out.printf("%-5s %s%n", finding.level().label(), finding.message()));
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAILURE) ? 1 : 0;
    }
}
