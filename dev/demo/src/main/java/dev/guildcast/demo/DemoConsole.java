package dev.guildcast.demo;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Prints the progress of the demo on the terminal.
///
/// - **Owner:** its lock; any thread may call.
final class DemoConsole implements SuiteListener {
    private final PrintStream out;
    private final long startedNanos = System.nanoTime();

    DemoConsole(PrintStream out) {
        this.out = out;
    }

    /// The start of its elapsed times, by `System.nanoTime`.
    long startedNanos() {
        return startedNanos;
    }

    synchronized void report(String sentence) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - startedNanos) / 1e9, sentence);
        out.flush();
    }

    synchronized void print(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void onState(ServiceStatus status) {
        if (status.state() == ServiceState.READY) {
            report(status.id() + (status.restarts() > 0 ? " is ready again" : " is ready"));
        }
    }

    @Override
    public void onEnded(ServiceStatus status, String reason, Duration backoff) {
        report(status.id() + " ended, restarting it in " + backoff.toMillis() / 1000.0 + " s");
    }
}
