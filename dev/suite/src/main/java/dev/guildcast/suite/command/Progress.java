package dev.guildcast.suite.command;

import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.SuiteStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Tells a person on the screen how a suite gets on.
///
/// - **Owner:** its lock; any thread may tell it something.
final class Progress implements SuiteListener {
    private final PrintStream screen;
    private final long began = System.nanoTime();
    private final Map<String, ServiceState> states = new TreeMap<>();
    private boolean ending;

    Progress(PrintStream screen) {
        this.screen = screen;
    }

    synchronized void say(String sentence) {
        if (!ending) {
            screen.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, sentence);
            screen.flush();
        }
    }

    @Override
    public synchronized void onState(ServiceStatus status) {
        var before = states.put(status.id(), status.state());
        switch (status.state()) {
            case READY -> say(status.id() + (before == ServiceState.UNHEALTHY ? " is ready again" : " is ready"));
            case UNHEALTHY -> say(status.id() + " runs but is not healthy");
            case WAITING, STARTING, BACKING_OFF, STOPPED -> {}
        }
    }

    @Override
    public synchronized void onEnded(ServiceStatus status, String why, Duration pause) {
        say(status.id() + " ended (" + why + "), starting it again in " + pause.toMillis() / 1000.0 + " s");
    }

    synchronized void waiting() {
        var waiting = states.entrySet().stream()
                .filter(entry -> entry.getValue() != ServiceState.READY)
                .map(Map.Entry::getKey)
                .toList();
        say(waiting.isEmpty() ? "loading the world" : "waiting for " + String.join(", ", waiting));
    }

    synchronized void ready(SuiteStatus status) {
        say("ready");
        screen.println();
        screen.println("  REST base      " + status.api());
        screen.println("  gateway        " + status.gateway());
        if (status.gateways().size() > 1) {
            screen.println("  behind it      " + String.join(" ", status.gateways()));
        }
        screen.println("  ingress        " + status.ingress());
        screen.println("  over gRPC      " + status.ingressGrpc());
        screen.println("  ingress token  " + status.ingressToken());
        screen.println();
        screen.println("  Try, in another terminal:");
        screen.println("    ./guildcast token                    the users and bots you can log in as");
        screen.println("    ./guildcast watch ada                what Ada's client is sent");
        screen.println("    ./guildcast publish examples/hello.jsonl   a message into #general");
        screen.println();
        screen.flush();
    }

    synchronized void end() {
        say("ending");
        ending = true;
    }

    synchronized void ended() {
        ending = false;
        say("ended");
    }
}
