package dev.guildcast.demo;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.World;
import dev.guildcast.witness.traffic.Plan;
import dev.guildcast.witness.traffic.PublishTarget;
import dev.guildcast.witness.traffic.Traffic;
import dev.guildcast.witness.verdict.CheckSettings;
import dev.guildcast.witness.verdict.Checker;
import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One run: clients log in, traffic goes, services die, all settles, and the verdict is printed.
final class DemoRun {
    private static final String PUBLISHER = "local";
    private static final String TOPIC = "guildcast.ingress.events";
    private static final long SETTLE_SECONDS = 40;
    private static final long SETTLE_STEP_MILLIS = 1_000;
    /// What comes after everything has come would be a repeat.
    private static final long REPEATS_MILLIS = 2_000;

    private final DemoSettings settings;
    private final DemoSuite suite;
    private final World world;
    private final Screen screen;

    DemoRun(DemoSettings settings, DemoSuite suite, World world, Screen screen) {
        this.settings = settings;
        this.suite = suite;
        this.world = world;
        this.screen = screen;
    }

    /// Runs it once and tells whether all is well.
    ///
    /// @return whether every client got what it was entitled to
    boolean run() throws InterruptedException {
        SuiteStatus status = suite.status();
        PublishTarget target = target(status);
        Traffic.reset(world, target);
        try (DemoClients clients = DemoClients.of(world, status)) {
            clients.logIn();
            screen.say("three JDA clients and one of plain frames are in");
            Plan plan = Plan.of(settings.seed(), world, clients.userIds(), settings.seconds(), settings.rate());
            try (var traffic = new Traffic(plan, target, settings.seed())) {
                return judge(clients.all(), traffic);
            }
        }
    }

    private boolean judge(List<RecordingClient> clients, Traffic traffic) throws InterruptedException {
        long from = System.nanoTime();
        screen.say("publishing " + settings.rate() + " events a second for " + settings.seconds() + " s");
        traffic.start();
        if (settings.kills()) {
            try (var kills = new Kills(suite, settings.seconds(), screen)) {
                traffic.join();
            }
        } else {
            traffic.join();
        }
        long to = System.nanoTime();
        screen.say("published " + traffic.publications().size() + " events, " + traffic.repeats()
                + " of them twice; waiting for the last ones");
        List<ClientVerdict> verdicts =
                settle(clients, new Checker(world, traffic.publications(), CheckSettings.between(from, to)));
        var table = new VerdictTable(traffic.publications().size(), verdicts, traffic.problems(), screen.beganNanos());
        screen.print(table.text());
        screen.print(table.line() + " Seed " + settings.seed() + ".");
        return table.good();
    }

    private static List<ClientVerdict> settle(List<RecordingClient> clients, Checker checker)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (check(clients, checker).stream().anyMatch(each -> each.count(Kind.LOST) > 0)
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_STEP_MILLIS);
        }
        TimeUnit.MILLISECONDS.sleep(REPEATS_MILLIS);
        return check(clients, checker);
    }

    private static List<ClientVerdict> check(List<RecordingClient> clients, Checker checker) {
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
