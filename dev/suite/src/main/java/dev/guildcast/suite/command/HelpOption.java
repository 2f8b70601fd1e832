package dev.guildcast.suite.command;

import picocli.CommandLine.Option;

/// The help option that every command has.
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean requested;
}
