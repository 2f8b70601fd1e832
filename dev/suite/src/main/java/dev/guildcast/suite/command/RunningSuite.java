package dev.guildcast.suite.command;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;

/// The suite that other commands speak of.
final class RunningSuite {
    private RunningSuite() {}

    /// @throws IllegalStateException if none runs in this folder; the message is a sentence
    static SuiteStatus find() {
        var folder = SuiteFolder.ofThisProcess();
        return new StatusFile(folder)
                .read()
                .orElseThrow(() ->
                        new IllegalStateException("no suite runs in " + folder.home() + ": ./guildcast up starts one"));
    }
}
