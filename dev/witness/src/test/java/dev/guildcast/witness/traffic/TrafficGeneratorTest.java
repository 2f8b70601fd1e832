package dev.guildcast.witness.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.ScenarioBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrafficGeneratorTest {
    private FakeIngress ingress;

    @BeforeEach
    void open() throws Exception {
        ingress = new FakeIngress();
    }

    @AfterEach
    void close() {
        ingress.close();
    }

    private TrafficGenerator run(TrafficPlan plan) throws InterruptedException {
        var traffic = new TrafficGenerator(plan, ingress.target(), 1);
        traffic.start();
        traffic.join();
        return traffic;
    }

    /// All due at once.
    private static TrafficPlan small(int events) {
        TrafficPlan plan = TrafficPlan.of(3, ScenarioBuilder.world(), List.of("1", "2"), 1, 200);
        List<PlannedEvent> some =
                plan.events().getOrDefault("guild-1", List.of()).subList(0, events);
        return new TrafficPlan(java.util.Map.of("guild-1", some), "");
    }

    @Test
    void everyEventIsPostedOnceInOrderWithItsSequence() throws Exception {
        TrafficGenerator traffic = run(small(10));
        assertThat(traffic.publications())
                .extracting(PublishedEvent::sequence)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(traffic.publications()).allMatch(each -> each.outcome() == IngressOutcome.ACCEPTED);
        assertThat(traffic.publications()).allMatch(each -> each.ackedNanos() > each.sentNanos());
        assertThat(traffic.problems()).isEmpty();
        assertThat(ingress.authorizations).containsOnly("Bearer secret");
        assertThat(ingress.posts.getFirst().get(0).path("publisher").asString()).isEqualTo("me/run/guild-1");
    }

    @Test
    void stoppingEarlyCompletesTheBatchesInFlight() throws Exception {
        var traffic = new TrafficGenerator(
                TrafficPlan.of(3, ScenarioBuilder.world(), List.of("1", "2"), 600, 20), ingress.target(), 1);
        traffic.start();
        await().until(() -> traffic.publications().size() >= 5);
        traffic.stopEarly();
        traffic.join();
        assertThat(traffic.publications()).hasSizeLessThan(600 * 20);
        assertThat(traffic.publications()).allMatch(each -> each.outcome() == IngressOutcome.ACCEPTED);
        assertThat(ingress.posts.stream().mapToInt(each -> each.size()).sum())
                .isEqualTo(traffic.publications().size() + traffic.repeats());
    }

    @Test
    void unacknowledgedEventsAreResentWithTheSameSequences() throws Exception {
        ingress.respondWith(503, "{\"error\":\"away\"}");
        TrafficGenerator traffic = run(small(1));
        assertThat(ingress.posts).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ingress.posts.get(1)).isEqualTo(ingress.posts.get(0));
        assertThat(traffic.publications()).hasSize(1);
    }

    @Test
    void aRejectedEventIsAProblem() throws Exception {
        ingress.respondWith(200, "{\"accepted\":0,\"refused\":[{\"index\":0,\"field\":\"d\",\"reason\":\"no\"}]}");
        TrafficGenerator traffic = run(small(1));
        assertThat(traffic.publications()).extracting(PublishedEvent::outcome).containsExactly(IngressOutcome.REJECTED);
        assertThat(traffic.problems()).hasSize(1);
    }

    @Test
    void aWrongTokenStopsThePublisher() throws Exception {
        ingress.respondWith(401, "{\"error\":\"no\"}");
        assertThat(run(small(1)).problems()).singleElement().asString().contains("401");
    }

    @Test
    void someAcknowledgedEventsAreResent() throws Exception {
        TrafficPlan plan = TrafficPlan.of(3, ScenarioBuilder.world(), List.of("1", "2"), 3, 60);
        TrafficGenerator traffic = run(plan);
        assertThat(traffic.publications()).hasSize(180);
        assertThat(traffic.repeats()).isPositive();
        assertThat(ingress.posts.stream().mapToInt(each -> each.size()).sum()).isEqualTo(180 + traffic.repeats());
    }

    @Test
    void resetPublishesEachGuildAgain() throws Exception {
        ingress.respondWith(503, "{}");
        TrafficGenerator.reset(ScenarioBuilder.world(), ingress.target());
        assertThat(ingress.posts).hasSize(2);
        assertThat(ingress.posts.get(1).get(0).path("t").asString()).isEqualTo("GUILD_CREATE");
    }
}
