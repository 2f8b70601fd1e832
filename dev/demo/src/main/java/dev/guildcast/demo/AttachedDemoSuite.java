package dev.guildcast.demo;

import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;

/// The suite that `./guildcast up` runs in this folder.
final class AttachedDemoSuite implements DemoSuite {
    private final StatusFile file;

    private AttachedDemoSuite(StatusFile file) {
        this.file = file;
    }

    /// @throws IllegalStateException if none is ready; the message is for the user
    static AttachedDemoSuite find() {
        SuiteFolder folder = SuiteFolder.ofThisProcess();
        var found = new AttachedDemoSuite(new StatusFile(folder));
        if (!found.status().ready()) {
            throw new IllegalStateException("no suite is ready in " + folder.home() + ": ./guildcast up starts one");
        }
        return found;
    }

    @Override
    public SuiteStatus status() {
        return file.read().orElseGet(SuiteStatus::none);
    }

    @Override
    public boolean kill(String id) {
        SuiteStatus status = status();
        return status.services().stream()
                .filter(one -> one.id().equals(id) && one.pid() != 0 && one.pid() != status.pid())
                .flatMap(one -> ProcessHandle.of(one.pid()).stream())
                .anyMatch(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        // The demo did not start it.
    }
}
