package dev.guildcast.witness.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.Story;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrafficTest {
    private FakeIngress ingress;

    @BeforeEach
    void open() throws Exception {
        ingress = new FakeIngress();
    }

    @AfterEach
    void close() {
        ingress.close();
    }

    private Traffic run(Plan plan) throws InterruptedException {
        var traffic = new Traffic(plan, ingress.target(), 1);
        traffic.start();
        traffic.join();
        return traffic;
    }

    /// All due at once.
    private static Plan small(int events) {
        Plan plan = Plan.of(3, Story.world(), List.of("1", "2"), 1, 200);
        List<PlannedEvent> some =
                plan.events().getOrDefault("guild-1", List.of()).subList(0, events);
        return new Plan(java.util.Map.of("guild-1", some), "");
    }

    @Test
    void everyEventIsPostedOnceInOrderUnderItsNumber() throws Exception {
        Traffic traffic = run(small(10));
        assertThat(traffic.publications())
                .extracting(Publication::sequence)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(traffic.publications()).allMatch(each -> each.outcome() == Outcome.ACCEPTED);
        assertThat(traffic.publications()).allMatch(each -> each.ackedNanos() > each.sentNanos());
        assertThat(traffic.problems()).isEmpty();
        assertThat(ingress.authorizations).containsOnly("Bearer secret");
        assertThat(ingress.posts.getFirst().get(0).path("publisher").asString()).isEqualTo("me/run/guild-1");
    }

    @Test
    void aRunMayEndBeforeItsPlanWithEveryPublisherDoneWithWhatItWasSending() throws Exception {
        var traffic = new Traffic(Plan.of(3, Story.world(), List.of("1", "2"), 600, 20), ingress.target(), 1);
        traffic.start();
        await().until(() -> traffic.publications().size() >= 5);
        traffic.finish();
        traffic.join();
        assertThat(traffic.publications()).hasSizeLessThan(600 * 20);
        assertThat(traffic.publications()).allMatch(each -> each.outcome() == Outcome.ACCEPTED);
        assertThat(ingress.posts.stream().mapToInt(each -> each.size()).sum())
                .isEqualTo(traffic.publications().size() + traffic.repeats());
    }

    @Test
    void whatWasNotAnsweredIsSentAgainUnderTheSameNumbers() throws Exception {
        ingress.answers(503, "{\"error\":\"away\"}");
        Traffic traffic = run(small(1));
        assertThat(ingress.posts).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ingress.posts.get(1)).isEqualTo(ingress.posts.get(0));
        assertThat(traffic.publications()).hasSize(1);
    }

    @Test
    void aRefusedEventIsAProblem() throws Exception {
        ingress.answers(200, "{\"accepted\":0,\"refused\":[{\"index\":0,\"field\":\"d\",\"reason\":\"no\"}]}");
        Traffic traffic = run(small(1));
        assertThat(traffic.publications()).extracting(Publication::outcome).containsExactly(Outcome.REFUSED);
        assertThat(traffic.problems()).hasSize(1);
    }

    @Test
    void aWrongTokenEndsThePublisher() throws Exception {
        ingress.answers(401, "{\"error\":\"no\"}");
        assertThat(run(small(1)).problems()).singleElement().asString().contains("401");
    }

    @Test
    void someEventsAreSentAgainAlthoughTheyWereAnswered() throws Exception {
        Plan plan = Plan.of(3, Story.world(), List.of("1", "2"), 3, 60);
        Traffic traffic = run(plan);
        assertThat(traffic.publications()).hasSize(180);
        assertThat(traffic.repeats()).isPositive();
        assertThat(ingress.posts.stream().mapToInt(each -> each.size()).sum()).isEqualTo(180 + traffic.repeats());
    }

    @Test
    void theWorldIsPublishedAnewGuildByGuild() throws Exception {
        ingress.answers(503, "{}");
        Traffic.reset(Story.world(), ingress.target());
        assertThat(ingress.posts).hasSize(2);
        assertThat(ingress.posts.get(1).get(0).path("t").asString()).isEqualTo("GUILD_CREATE");
    }
}
