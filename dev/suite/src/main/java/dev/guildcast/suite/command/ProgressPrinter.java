package dev.guildcast.suite.command;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Prints the progress of a suite on the terminal.
///
/// - **Owner:** its lock; any thread may call.
final class ProgressPrinter implements SuiteListener {
    private final PrintStream out;
    private final long startedNanos = System.nanoTime();
    private final Map<String, ServiceState> states = new TreeMap<>();
    private boolean stopping;

    ProgressPrinter(PrintStream out) {
        this.out = out;
    }

    synchronized void report(String sentence) {
        if (!stopping) {
            out.printf("%6.1f s  %s%n", (System.nanoTime() - startedNanos) / 1e9, sentence);
            out.flush();
        }
    }

    @Override
    public synchronized void onState(ServiceStatus status) {
        var before = states.put(status.id(), status.state());
        switch (status.state()) {
            case READY -> report(status.id() + (before == ServiceState.UNHEALTHY ? " is ready again" : " is ready"));
            case UNHEALTHY -> report(status.id() + " runs but reports unhealthy");
            case WAITING, STARTING, BACKING_OFF, STOPPED -> {}
        }
    }

    @Override
    public synchronized void onEnded(ServiceStatus status, String reason, Duration backoff) {
        report(status.id() + " ended (" + reason + "), restarting it in " + backoff.toMillis() / 1000.0 + " s");
    }

    synchronized void reportPending() {
        var pending = states.entrySet().stream()
                .filter(entry -> entry.getValue() != ServiceState.READY)
                .map(Map.Entry::getKey)
                .toList();
        report(pending.isEmpty() ? "loading the world" : "waiting for " + String.join(", ", pending));
    }

    synchronized void reportReady(SuiteStatus status) {
        report("ready");
        out.println();
        out.println("  REST base      " + status.api());
        out.println("  gateway        " + status.gateway());
        if (status.gateways().size() > 1) {
            out.println("  behind it      " + String.join(" ", status.gateways()));
        }
        out.println("  ingress        " + status.ingress());
        out.println("  over gRPC      " + status.ingressGrpc());
        out.println("  ingress token  " + status.ingressToken());
        out.println();
        out.println("  Try, in another terminal:");
        out.println("    ./guildcast token                    the users and bots to log in as");
        out.println("    ./guildcast watch ada                the events that Ada's client receives");
        out.println("    ./guildcast publish examples/hello.jsonl   a message into #general");
        out.println();
        out.flush();
    }

    synchronized void reportStopping() {
        report("stopping");
        stopping = true;
    }

    synchronized void reportStopped() {
        stopping = false;
        report("stopped");
    }
}
