package dev.guildcast.suite.command;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;

/// The running suite that the other commands act on.
final class RunningSuite {
    private RunningSuite() {}

    /// @throws IllegalStateException if none runs in this folder; the message is for the user
    static SuiteStatus find() {
        var folder = SuiteFolder.ofThisProcess();
        return new StatusFile(folder)
                .read()
                .orElseThrow(() ->
                        new IllegalStateException("no suite runs in " + folder.home() + ": ./guildcast up starts one"));
    }
}
