package dev.guildcast.suite.command;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Prints the progress of a suite: on a terminal a line for each service that is updated in place until all are ready,
/// elsewhere one plain line for each change.
///
/// - **Owner:** its lock; any thread may call.
final class ProgressPrinter implements SuiteListener {
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    private final ServiceTable table;
    private boolean stopping;

    /// @param terminal whether `out` understands the codes that move a cursor
    ProgressPrinter(PrintStream out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
        this.table = new ServiceTable(out, terminal);
    }

    /// For the terminal of this process, if it has one, which the script passes on.
    static ProgressPrinter ofThisProcess(PrintStream out) {
        return new ProgressPrinter(out, Boolean.getBoolean("guildcast.terminal"), System::nanoTime);
    }

    synchronized void report(String sentence) {
        if (!stopping) {
            table.erase();
            out.println(elapsed() + sentence);
            table.draw();
            out.flush();
        }
    }

    private String elapsed() {
        return String.format(Locale.ROOT, "%6.1f s  ", (nanoTime.getAsLong() - startedNanos) / 1e9);
    }

    @Override
    public synchronized void onState(ServiceStatus status) {
        var before = table.put(status.id(), status.state());
        if (table.isDrawn()) {
            table.redraw();
            return;
        }
        switch (status.state()) {
            case STARTING -> {
                // A second STARTING only adds the process id, and a restart has been reported by its reason.
                if (before == null || before == ServiceState.WAITING) {
                    report(status.id() + " is starting");
                }
            }
            case READY -> report(status.id() + (before == ServiceState.UNHEALTHY ? " is ready again" : " is ready"));
            case UNHEALTHY -> report(status.id() + " runs but reports unhealthy");
            case WAITING, BACKING_OFF, STOPPED -> {}
        }
    }

    @Override
    public synchronized void onEnded(ServiceStatus status, String reason, Duration backoff) {
        report(status.id() + " ended (" + reason + "), restarting it in " + backoff.toMillis() / 1000.0 + " s");
    }

    /// Shows the services as they are, until [#reportReady].
    ///
    /// @param ids of all instances
    synchronized void showServices(List<String> ids) {
        ids.forEach(table::putWaiting);
        table.show();
        out.flush();
    }

    synchronized void reportReady(SuiteStatus status) {
        table.hide();
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
        table.hide();
        report("stopping");
        stopping = true;
    }

    synchronized void reportStopped() {
        stopping = false;
        report("stopped");
    }
}
