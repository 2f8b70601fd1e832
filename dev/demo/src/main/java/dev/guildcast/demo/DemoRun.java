package dev.guildcast.demo;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.traffic.PublishTarget;
import dev.guildcast.witness.traffic.TrafficGenerator;
import dev.guildcast.witness.traffic.TrafficPlan;
import dev.guildcast.witness.verdict.CheckSettings;
import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import dev.guildcast.witness.verdict.RecordingChecker;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One run: clients log in, events are published, services are killed, deliveries complete, the verdict is printed.
final class DemoRun {
    private static final String PUBLISHER = "local";
    private static final String TOPIC = "guildcast.ingress.events";
    /// Longer than the recovery from the last kill, with its resumes and replays.
    private static final long DELIVERY_TIMEOUT_SECONDS = 40;
    /// A check reads all recordings, so it is not repeated more often.
    private static final long DELIVERY_POLL_MILLIS = 1_000;
    /// A dispatch that arrives after all others would be a repeat.
    private static final long REPEATS_WAIT_MILLIS = 2_000;

    private final DemoSettings settings;
    private final DemoSuite suite;
    private final InitialWorld world;
    private final DemoConsole console;

    DemoRun(DemoSettings settings, DemoSuite suite, InitialWorld world, DemoConsole console) {
        this.settings = settings;
        this.suite = suite;
        this.world = world;
        this.console = console;
    }

    /// Runs the demo once.
    ///
    /// @return whether every client received exactly what it was entitled to
    boolean run() throws InterruptedException {
        SuiteStatus status = suite.status();
        PublishTarget target = target(status);
        TrafficGenerator.reset(world, target);
        try (DemoClients clients = DemoClients.of(world, status)) {
            clients.logIn();
            console.report("three JDA clients and one raw client are logged in");
            TrafficPlan plan =
                    TrafficPlan.of(settings.seed(), world, clients.userIds(), settings.seconds(), settings.rate());
            try (var traffic = new TrafficGenerator(plan, target, settings.seed())) {
                return publishAndVerify(clients.all(), traffic);
            }
        }
    }

    private boolean publishAndVerify(List<RecordingClient> clients, TrafficGenerator traffic)
            throws InterruptedException {
        long from = System.nanoTime();
        console.report("publishing " + settings.rate() + " events per second for " + settings.seconds() + " s");
        traffic.start();
        if (settings.injectFaults()) {
            try (var faults = new FaultInjector(suite, settings.seconds(), console)) {
                traffic.join();
            }
        } else {
            traffic.join();
        }
        long to = System.nanoTime();
        console.report("published " + traffic.publications().size() + " events, " + traffic.repeats()
                + " of them twice; waiting for the last deliveries");
        List<ClientVerdict> verdicts = awaitDelivery(
                clients, new RecordingChecker(world, traffic.publications(), CheckSettings.between(from, to)));
        var table =
                new VerdictTable(traffic.publications().size(), verdicts, traffic.problems(), console.startedNanos());
        console.print(table.table());
        console.print(table.summary() + " Seed " + settings.seed() + ".");
        return table.passed();
    }

    private static List<ClientVerdict> awaitDelivery(List<RecordingClient> clients, RecordingChecker checker)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DELIVERY_TIMEOUT_SECONDS);
        while (check(clients, checker).stream().anyMatch(each -> each.count(Kind.LOST) > 0)
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(DELIVERY_POLL_MILLIS);
        }
        TimeUnit.MILLISECONDS.sleep(REPEATS_WAIT_MILLIS);
        return check(clients, checker);
    }

    private static List<ClientVerdict> check(List<RecordingClient> clients, RecordingChecker checker) {
        return clients.stream()
                .map(client -> checker.check(client.account(), client.recording()))
                .toList();
    }

    private static PublishTarget target(SuiteStatus status) {
        int kafka = status.services().stream()
                .filter(one -> one.name().equals("kafka"))
                .map(one -> one.ports().getOrDefault("kafka", 0))
                .findFirst()
                .orElse(0);
        return new PublishTarget(
                URI.create(status.ingress()),
                status.ingressToken(),
                PUBLISHER,
                kafka == 0 ? "" : "127.0.0.1:" + kafka,
                TOPIC,
                Long.toString(System.currentTimeMillis(), 36));
    }
}
