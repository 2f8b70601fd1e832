package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.Samples.document;
import static dev.guildcast.fanout.ingress.Samples.message;
import static dev.guildcast.fanout.ingress.Samples.utf8;
import static dev.guildcast.fanout.ingress.Samples.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.catalogue.Publishing;
import dev.guildcast.event.v1.GuildRecord.RecordCase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private final Samples samples = new Samples();
    private final EventStream events = samples.ingress.stream(Transport.GRPC);

    private CompletableFuture<Outcome> publish(String event) {
        return events.publish(utf8(event), Publishing.ANYONE);
    }

    private List<RecordCase> records() {
        return samples.log.entries().stream()
                .map(entry -> entry.guild().getRecordCase())
                .toList();
    }

    @Test
    void whatComesBehindAWholeGuildWaitsForIt() {
        samples.log.hold();
        var outcomes = new ArrayList<CompletableFuture<Outcome>>();
        outcomes.add(publish(document(1)));
        for (int id = 1; id <= 50; id++) {
            outcomes.add(publish(message(id)));
        }
        outcomes.add(publish(wrong()));
        outcomes.add(publish(document(2)));
        outcomes.add(publish(message(51)));
        // Guild and roles, members, voice states.
        await().until(() -> samples.log.size() == 3);
        assertThat(samples.inFlight.events()).isEqualTo(54);
        for (int nth = 0; nth < 3 + 1 + 50 + 3 + 1 + 1; nth++) {
            int expected = nth;
            await().until(() -> samples.log.size() > expected);
            samples.log.acknowledge(nth);
        }
        outcomes.forEach(CompletableFuture::join);
        assertThat(outcomes.get(51).join()).isInstanceOf(Outcome.Refused.class);
        assertThat(records().subList(0, 5))
                .containsExactly(
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_END,
                        RecordCase.EVENT);
        assertThat(records().subList(53, 59))
                .containsExactly(
                        RecordCase.EVENT,
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_PART,
                        RecordCase.DOCUMENT_END,
                        RecordCase.EVENT);
        for (int id = 1; id <= 50; id++) {
            assertThat(samples.log.entry(3 + id).guild().getEvent().getPayload().toStringUtf8())
                    .startsWith("{\"id\":\"" + id + "\"");
        }
        assertThat(samples.inFlight.events()).isZero();
    }

    @Test
    void whatComesBehindAWholeGuildThatFailedIsNotAppended() {
        samples.log.failAt(nth -> nth == 1);
        var guild = publish(document(1));
        var behind = publish(message(1));
        var last = publish(message(2));
        assertThat(guild.join()).isEqualTo(new Outcome.Unavailable("away"));
        assertThat(behind.join()).isEqualTo(new Outcome.Unavailable("an event before it was not acknowledged"));
        assertThat(last.join()).isInstanceOf(Outcome.Unavailable.class);
        assertThat(records()).doesNotContain(RecordCase.EVENT, RecordCase.DOCUMENT_END);
        assertThat(samples.inFlight.events()).isZero();
        assertThat(samples.ingress.stream(Transport.GRPC).publish(utf8(message(3)), Publishing.ANYONE))
                .isCompletedWithValueMatching(Outcome.Accepted.class::isInstance);
    }

    @Test
    void aWholeGuildThatIsWrongHoldsNothingBack() {
        var guild = publish("{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"7\"}}");
        assertThat(guild.join()).isInstanceOf(Outcome.Refused.class);
        assertThat(publish(message(1)).join()).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void eventsThatWaitForNothingDoNotWaitForEachOther() {
        samples.log.hold();
        var first = publish(message(1));
        var second = publish(message(2));
        assertThat(samples.log.size()).isEqualTo(2);
        samples.log.acknowledge(1);
        assertThat(second).isDone();
        assertThat(first).isNotDone();
        samples.log.acknowledge(0);
        assertThat(first).isDone();
    }
}
