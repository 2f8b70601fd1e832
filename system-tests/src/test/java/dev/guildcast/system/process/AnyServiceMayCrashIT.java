package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.traffic.PublishTarget;
import dev.guildcast.witness.traffic.TrafficGenerator;
import dev.guildcast.witness.traffic.TrafficPlan;
import dev.guildcast.witness.verdict.CheckSettings;
import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.RecordingChecker;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Kills one instance of each of the six services under traffic, the busier one where there are two.
@ExtendWith(SharedSuiteExtension.class)
class AnyServiceMayCrashIT {
    /// Longer than six restarts take; traffic ends when they are done.
    private static final int SECONDS_MAX = 600;

    private static final int PER_SECOND = 25;
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(90);
    /// A dispatch that arrives after all others would be a repeat.
    private static final Duration REPEATS_WAIT = Duration.ofSeconds(2);

    @Test
    void noSessionAndNoEventIsLostWhenOneOfEachServiceIsKilled(ProcessSuite suite) throws InterruptedException {
        long seed = new SecureRandom().nextInt(1_000_000);
        System.out.println("seed of the traffic: " + seed);
        var world = suite.worlds().busy();
        var target = target(suite.status());
        TrafficGenerator.reset(world, target);
        try (var clients = new TestClients(suite)) {
            var bots = world.logins();
            clients.raw(bots.get(0), true);
            clients.jda(bots.get(1), false);
            clients.jda(bots.get(2), true);
            clients.raw(bots.get(3), false);
            clients.logIn(world.guilds().size());
            var users =
                    clients.all().stream().map(each -> each.account().userId()).toList();
            var plan = TrafficPlan.of(seed, world, users, SECONDS_MAX, PER_SECOND);
            try (var traffic = new TrafficGenerator(plan, target, seed)) {
                long from = System.nanoTime();
                traffic.start();
                killOneOfEach(suite);
                traffic.stopEarly();
                traffic.join();
                var checker = new RecordingChecker(
                        world, traffic.publications(), CheckSettings.between(from, System.nanoTime()));
                assertThat(traffic.problems()).isEmpty();
                assertEveryClientPasses(suite, clients, checker);
            }
        }
    }

    private static void killOneOfEach(ProcessSuite suite) {
        suite.killAndAwait(instanceWithMost(
                suite,
                SuitePlan.GATEWAY,
                one -> suite.actuator(one, "connections").path("live").asInt()));
        suite.killAndAwait(instanceWithMost(suite, SuitePlan.SESSION, one -> liveShards(suite, one)));
        suite.killAndAwait(instanceWithMost(suite, SuitePlan.FANOUT, one -> liveShards(suite, one)));
        suite.killAndAwait(instanceWithMost(
                suite,
                SuitePlan.COORDINATOR,
                one -> suite.actuator(one, "shards").path("leading").asBoolean() ? 1 : 0));
        suite.killAndAwait(SuitePlan.PRESENCE + "-1");
        suite.killAndAwait(SuitePlan.VOICE + "-1");
    }

    /// How many shards an instance serves.
    private static int liveShards(ProcessSuite suite, SuiteStatus.Instance instance) {
        return (int) suite.actuator(instance, "shards")
                .path("shards")
                .valueStream()
                .filter(shard -> shard.path("live").asBoolean())
                .count();
    }

    private static String instanceWithMost(
            ProcessSuite suite, String service, ToIntFunction<SuiteStatus.Instance> measure) {
        return suite.instances(service).stream()
                .max(Comparator.comparingInt(measure))
                .orElseThrow()
                .id();
    }

    private static void assertEveryClientPasses(ProcessSuite suite, TestClients clients, RecordingChecker checker) {
        await("verdict; logs in " + suite.home())
                .atMost(DELIVERY_TIMEOUT)
                .pollInterval(Duration.ofMillis(500))
                .during(REPEATS_WAIT)
                .untilAsserted(() -> assertThat(verdicts(clients, checker))
                        .filteredOn(verdict -> !verdict.passed())
                        .isEmpty());
        assertThat(verdicts(clients, checker))
                .allMatch(verdict -> verdict.received() > 0)
                .as("op 9")
                .allMatch(verdict -> verdict.invalidSessions() == 0)
                .as("the gateway that was killed had clients")
                .anyMatch(verdict -> verdict.resumes() > 0);
    }

    private static List<ClientVerdict> verdicts(TestClients clients, RecordingChecker checker) {
        return clients.all().stream()
                .map(client -> checker.check(client.account(), client.recording()))
                .toList();
    }

    private static PublishTarget target(SuiteStatus status) {
        int kafka = status.services().stream()
                .filter(one -> one.name().equals(SuitePlan.KAFKA))
                .map(one -> one.ports().get("kafka"))
                .findFirst()
                .orElseThrow();
        return new PublishTarget(
                URI.create(status.ingress()),
                status.ingressToken(),
                "local",
                "127.0.0.1:" + kafka,
                "guildcast.ingress.events",
                Long.toString(System.currentTimeMillis(), 36));
    }
}
