package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.document;
import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventIngressTest {
    private static CompletableFuture<PublishOutcome> publish(IngressFixture fixture, String event) {
        return fixture.ingress.stream(Transport.HTTP).publish(utf8(event), PublisherContext.authenticatedAs("shop"));
    }

    @Test
    void anEventIsAcceptedWhenItStandsInTheLogOfItsGuild() {
        var fixture = new IngressFixture();
        fixture.log.hold();
        var outcome = publish(fixture, message(1));
        assertThat(outcome).isNotDone();
        assertThat(fixture.inFlight.events()).isEqualTo(1);
        fixture.log.acknowledge(0);
        assertThat(outcome).isCompletedWithValue(new PublishOutcome.Accepted(new Appended(Log.GUILD_EVENTS, 2, 0)));
        assertThat(fixture.log.entry(0).guild().getEvent().getType()).isEqualTo("MESSAGE_CREATE");
        assertThat(fixture.inFlight.events()).isZero();
        assertThat(fixture.inFlight.bytes()).isZero();
        assertThat(fixture.counted(Transport.HTTP, "accepted")).isEqualTo(1);
    }

    @Test
    void typingGoesToTheLaneThatMayBeDropped() {
        var fixture = new IngressFixture();
        publish(
                fixture,
                "{\"t\":\"TYPING_START\",\"d\":{\"guild_id\":\"%s\",\"channel_id\":\"31\",\"user_id\":\"41\"}}"
                        .formatted(IngressFixture.GUILD));
        assertThat(fixture.log.entry(0).log()).isEqualTo(Log.GUILD_EPHEMERAL);
        assertThat(fixture.log.entry(0).partition()).isEqualTo(2);
    }

    @Test
    void aDirectMessageGoesToTheUserShardOfItsChannel() {
        var fixture = new IngressFixture();
        publish(
                fixture,
                "{\"t\":\"MESSAGE_CREATE\",\"users\":[\"41\"],\"d\":{\"id\":\"1\",\"channel_id\":\"31\",\"author\":{\"id\":\"41\"}}}");
        var entry = fixture.log.entry(0);
        assertThat(entry.log()).isEqualTo(Log.USER_EVENTS);
        assertThat(entry.partition())
                .isEqualTo(new Topology(4, 1, 2, 4).userShard(31).index());
        assertThat(entry.user().getEvent().getUsersList()).containsExactly(41L);
    }

    @Test
    void anInvalidEventIsRejectedAndNotAppended() {
        var fixture = new IngressFixture();
        assertThat(publish(fixture, wrong()))
                .isCompletedWithValue(new PublishOutcome.Rejected("d.author", "is missing"));
        assertThat(fixture.log.size()).isZero();
        assertThat(fixture.inFlight.events()).isZero();
        assertThat(fixture.counted(Transport.HTTP, "refused")).isEqualTo(1);
    }

    @Test
    void anUnavailableLogAcknowledgesNothing() {
        var fixture = new IngressFixture();
        fixture.log.failAt(nth -> true);
        assertThat(publish(fixture, message(1))).isCompletedWithValue(new PublishOutcome.Unavailable("away"));
        assertThat(fixture.counted(Transport.HTTP, "unavailable")).isEqualTo(1);
        assertThat(fixture.inFlight.bytes()).isZero();
    }

    @Test
    void nothingIsAppendedBehindAnEventThatItsPublisherWillRepeat() {
        var fixture = new IngressFixture();
        var stream = fixture.ingress.stream(Transport.HTTP);
        fixture.log.failAt(nth -> nth == 1);
        var outcomes = IntStream.rangeClosed(1, 4)
                .mapToObj(n -> stream.publish(utf8(message(n)), PublisherContext.authenticatedAs("shop"))
                        .join())
                .toList();
        assertThat(outcomes.getFirst()).isInstanceOf(PublishOutcome.Accepted.class);
        assertThat(outcomes.subList(1, 4)).allMatch(PublishOutcome.Unavailable.class::isInstance);
        assertThat(fixture.log.size()).isEqualTo(2);
        assertThat(fixture.inFlight.events()).isZero();
        assertThat(publish(fixture, message(5)).join()).isInstanceOf(PublishOutcome.Accepted.class);
    }

    @Test
    void anEventTooLargeForTheLogIsRejected() {
        var fixture = new IngressFixture();
        fixture.log.hold();
        var outcome = publish(fixture, message(1));
        fixture.log.fail(0, new EventAppender.RecordTooLarge());
        assertThat(outcome).isCompletedWithValue(new PublishOutcome.Rejected("", "larger than its log takes"));
    }

    @Test
    void moreEventsThanMayBeInFlightAreTurnedAway() {
        var fixture = new IngressFixture(2, 128 << 20);
        fixture.log.hold();
        publish(fixture, message(1));
        publish(fixture, message(2));
        assertThat(publish(fixture, message(3)))
                .isCompletedWithValue(new PublishOutcome.Unavailable("too many events are in flight"));
        fixture.log.acknowledge(0);
        assertThat(publish(fixture, message(4))).isNotDone();
        assertThat(fixture.log.size()).isEqualTo(3);
    }

    @Test
    void moreBytesThanMayBeInFlightAreTurnedAway() {
        var size = utf8(message(1)).length;
        var fixture = new IngressFixture(10, 2L * size);
        fixture.log.hold();
        publish(fixture, message(1));
        publish(fixture, message(2));
        assertThat(publish(fixture, message(3))).isDone();
        assertThat(fixture.inFlight.events()).isEqualTo(2);
    }

    @Test
    void theEndOfAWholeGuildComesAfterAllItsPartsAreAcknowledged() {
        var fixture = new IngressFixture();
        fixture.log.hold();
        var outcome = publish(fixture, document(12_000));
        // Guild and roles, twelve thousand members, voice states: fourteen parts, of which eight are in flight at once.
        for (int nth = 0; nth < 14; nth++) {
            int expected = Math.min(14, nth + 8);
            await().until(() -> fixture.log.size() == expected);
            assertThat(fixture.log.entries()).allMatch(entry -> entry.guild().hasDocumentPart());
            fixture.log.acknowledge(nth);
        }
        await().until(() -> fixture.log.size() == 15);
        assertThat(fixture.log.entry(14).guild().getRecordCase()).isEqualTo(GuildRecord.RecordCase.DOCUMENT_END);
        assertThat(outcome).isNotDone();
        fixture.log.acknowledge(14);
        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(new PublishOutcome.Accepted(new Appended(Log.GUILD_EVENTS, 2, 0)));
        assertThat(fixture.log.entries()).allMatch(entry -> entry.partition() == 2);
    }

    @Test
    void aPartThatIsNotAcknowledgedKeepsTheEndBack() {
        var fixture = new IngressFixture();
        fixture.log.failAt(nth -> nth == 1);
        var outcome = publish(fixture, document(3000));
        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(new PublishOutcome.Unavailable("away"));
        assertThat(fixture.log.entries()).noneMatch(entry -> entry.guild().hasDocumentEnd());
        assertThat(fixture.inFlight.bytes()).isZero();
    }
}
