package dev.guildcast.demo;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Tells a person how the demo gets on.
///
/// - **Owner:** its lock; any thread may tell it something.
final class Screen implements SuiteListener {
    private final PrintStream out;
    private final long began = System.nanoTime();

    Screen(PrintStream out) {
        this.out = out;
    }

    /// From when its times count, by `System.nanoTime`.
    long beganNanos() {
        return began;
    }

    synchronized void say(String sentence) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, sentence);
        out.flush();
    }

    synchronized void print(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void onState(ServiceStatus status) {
        if (status.state() == ServiceState.READY && status.restarts() > 0) {
            say(status.id() + " is ready again");
        }
    }

    @Override
    public void onEnded(ServiceStatus status, String why, Duration pause) {
        say(status.id() + " ended, starting it again in " + pause.toMillis() / 1000.0 + " s");
    }
}
