package dev.guildcast.demo;

import dev.guildcast.suite.status.SuiteStatus;

/// The suite that a run uses.
interface DemoSuite extends AutoCloseable {
    SuiteStatus status();

    /// Kills one instance as `kill -9` does.
    ///
    /// @param id such as `gateway-service-1`
    /// @return false if there is no such instance, or it has no process of its own
    boolean kill(String id);

    @Override
    void close();
}
