package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.Samples.document;
import static dev.guildcast.fanout.ingress.Samples.message;
import static dev.guildcast.fanout.ingress.Samples.utf8;
import static dev.guildcast.fanout.ingress.Samples.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.Publishing;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventIngressTest {
    private static CompletableFuture<Outcome> publish(Samples samples, String event) {
        return samples.ingress.stream(Transport.HTTP).publish(utf8(event), Publishing.boundTo("shop"));
    }

    @Test
    void anEventIsAcceptedWhenItStandsInTheLogOfItsGuild() {
        var samples = new Samples();
        samples.log.hold();
        var outcome = publish(samples, message(1));
        assertThat(outcome).isNotDone();
        assertThat(samples.inFlight.events()).isEqualTo(1);
        samples.log.acknowledge(0);
        assertThat(outcome).isCompletedWithValue(new Outcome.Accepted(new Appended(Log.GUILD_EVENTS, 2, 0)));
        assertThat(samples.log.entry(0).guild().getEvent().getType()).isEqualTo("MESSAGE_CREATE");
        assertThat(samples.inFlight.events()).isZero();
        assertThat(samples.inFlight.bytes()).isZero();
        assertThat(samples.counted(Transport.HTTP, "accepted")).isEqualTo(1);
    }

    @Test
    void typingGoesToTheLaneThatMayBeDropped() {
        var samples = new Samples();
        publish(
                samples,
                "{\"t\":\"TYPING_START\",\"d\":{\"guild_id\":\"%s\",\"channel_id\":\"31\",\"user_id\":\"41\"}}"
                        .formatted(Samples.GUILD));
        assertThat(samples.log.entry(0).log()).isEqualTo(Log.GUILD_EPHEMERAL);
        assertThat(samples.log.entry(0).partition()).isEqualTo(2);
    }

    @Test
    void aDirectMessageGoesToTheUserShardOfItsChannel() {
        var samples = new Samples();
        publish(
                samples,
                "{\"t\":\"MESSAGE_CREATE\",\"users\":[\"41\"],\"d\":{\"id\":\"1\",\"channel_id\":\"31\",\"author\":{\"id\":\"41\"}}}");
        var entry = samples.log.entry(0);
        assertThat(entry.log()).isEqualTo(Log.USER_EVENTS);
        assertThat(entry.partition())
                .isEqualTo(new Topology(4, 1, 2, 4).userShard(31).index());
        assertThat(entry.user().getEvent().getUsersList()).containsExactly(41L);
    }

    @Test
    void aWrongEventIsRefusedAndNotAppended() {
        var samples = new Samples();
        assertThat(publish(samples, wrong())).isCompletedWithValue(new Outcome.Refused("d.author", "is missing"));
        assertThat(samples.log.size()).isZero();
        assertThat(samples.inFlight.events()).isZero();
        assertThat(samples.counted(Transport.HTTP, "refused")).isEqualTo(1);
    }

    @Test
    void aLogThatDoesNotAnswerIsNoAcknowledgement() {
        var samples = new Samples();
        samples.log.failAt(nth -> true);
        assertThat(publish(samples, message(1))).isCompletedWithValue(new Outcome.Unavailable("away"));
        assertThat(samples.counted(Transport.HTTP, "unavailable")).isEqualTo(1);
        assertThat(samples.inFlight.bytes()).isZero();
    }

    @Test
    void nothingIsAppendedBehindAnEventThatItsPublisherWillRepeat() {
        var samples = new Samples();
        var stream = samples.ingress.stream(Transport.HTTP);
        samples.log.failAt(nth -> nth == 1);
        var outcomes = IntStream.rangeClosed(1, 4)
                .mapToObj(n -> stream.publish(utf8(message(n)), Publishing.boundTo("shop"))
                        .join())
                .toList();
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcomes.subList(1, 4)).allMatch(Outcome.Unavailable.class::isInstance);
        assertThat(samples.log.size()).isEqualTo(2);
        assertThat(samples.inFlight.events()).isZero();
        assertThat(publish(samples, message(5)).join()).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void anEventThatTheLogWillNeverTakeIsRefused() {
        var samples = new Samples();
        samples.log.hold();
        var outcome = publish(samples, message(1));
        samples.log.fail(0, new EventAppender.TooLarge());
        assertThat(outcome).isCompletedWithValue(new Outcome.Refused("", "larger than its log takes"));
    }

    @Test
    void moreEventsThanMayBeInFlightAreTurnedAway() {
        var samples = new Samples(2, 128 << 20);
        samples.log.hold();
        publish(samples, message(1));
        publish(samples, message(2));
        assertThat(publish(samples, message(3)))
                .isCompletedWithValue(new Outcome.Unavailable("too many events are in flight"));
        samples.log.acknowledge(0);
        assertThat(publish(samples, message(4))).isNotDone();
        assertThat(samples.log.size()).isEqualTo(3);
    }

    @Test
    void moreBytesThanMayBeInFlightAreTurnedAway() {
        var size = utf8(message(1)).length;
        var samples = new Samples(10, 2L * size);
        samples.log.hold();
        publish(samples, message(1));
        publish(samples, message(2));
        assertThat(publish(samples, message(3))).isDone();
        assertThat(samples.inFlight.events()).isEqualTo(2);
    }

    @Test
    void theEndOfAWholeGuildComesAfterAllItsPartsAreAcknowledged() {
        var samples = new Samples();
        samples.log.hold();
        var outcome = publish(samples, document(12_000));
        // Guild and roles, twelve thousands of members, voice states: fourteen parts, of which eight wait at a time.
        for (int nth = 0; nth < 14; nth++) {
            int expected = Math.min(14, nth + 8);
            await().until(() -> samples.log.size() == expected);
            assertThat(samples.log.entries()).allMatch(entry -> entry.guild().hasDocumentPart());
            samples.log.acknowledge(nth);
        }
        await().until(() -> samples.log.size() == 15);
        assertThat(samples.log.entry(14).guild().getRecordCase()).isEqualTo(GuildRecord.RecordCase.DOCUMENT_END);
        assertThat(outcome).isNotDone();
        samples.log.acknowledge(14);
        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(new Outcome.Accepted(new Appended(Log.GUILD_EVENTS, 2, 0)));
        assertThat(samples.log.entries()).allMatch(entry -> entry.partition() == 2);
    }

    @Test
    void aPartThatIsNotAcknowledgedKeepsTheEndBack() {
        var samples = new Samples();
        samples.log.failAt(nth -> nth == 1);
        var outcome = publish(samples, document(3000));
        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(new Outcome.Unavailable("away"));
        assertThat(samples.log.entries()).noneMatch(entry -> entry.guild().hasDocumentEnd());
        assertThat(samples.inFlight.bytes()).isZero();
    }
}
