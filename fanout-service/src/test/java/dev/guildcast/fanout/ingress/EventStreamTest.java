package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.document;
import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.GuildRecord.RecordCase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private final IngressFixture fixture = new IngressFixture();
    private final EventStream events = fixture.ingress.stream(Transport.GRPC);

    private CompletableFuture<PublishOutcome> publish(String event) {
        return events.publish(utf8(event), PublisherContext.UNRESTRICTED);
    }

    private List<RecordCase> records() {
        return fixture.log.entries().stream()
                .map(entry -> entry.guild().getRecordCase())
                .toList();
    }

    @Test
    void whatComesBehindAWholeGuildWaitsForIt() {
        fixture.log.hold();
        var outcomes = new ArrayList<CompletableFuture<PublishOutcome>>();
        outcomes.add(publish(document(1)));
        for (int id = 1; id <= 50; id++) {
            outcomes.add(publish(message(id)));
        }
        outcomes.add(publish(wrong()));
        outcomes.add(publish(document(2)));
        outcomes.add(publish(message(51)));
        // Guild and roles, members, voice states.
        await().until(() -> fixture.log.size() == 3);
        assertThat(fixture.inFlight.events()).isEqualTo(54);
        for (int nth = 0; nth < 3 + 1 + 50 + 3 + 1 + 1; nth++) {
            int expected = nth;
            await().until(() -> fixture.log.size() > expected);
            fixture.log.acknowledge(nth);
        }
        outcomes.forEach(CompletableFuture::join);
        assertThat(outcomes.get(51).join()).isInstanceOf(PublishOutcome.Rejected.class);
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
            assertThat(fixture.log.entry(3 + id).guild().getEvent().getPayload().toStringUtf8())
                    .startsWith("{\"id\":\"" + id + "\"");
        }
        assertThat(fixture.inFlight.events()).isZero();
    }

    @Test
    void whatComesBehindAWholeGuildThatFailedIsNotAppended() {
        fixture.log.failAt(nth -> nth == 1);
        var guild = publish(document(1));
        var behind = publish(message(1));
        var last = publish(message(2));
        assertThat(guild.join()).isEqualTo(new PublishOutcome.Unavailable("away"));
        assertThat(behind.join()).isEqualTo(new PublishOutcome.Unavailable("an event before it was not acknowledged"));
        assertThat(last.join()).isInstanceOf(PublishOutcome.Unavailable.class);
        assertThat(records()).doesNotContain(RecordCase.EVENT, RecordCase.DOCUMENT_END);
        assertThat(fixture.inFlight.events()).isZero();
        assertThat(fixture.ingress.stream(Transport.GRPC).publish(utf8(message(3)), PublisherContext.UNRESTRICTED))
                .isCompletedWithValueMatching(PublishOutcome.Accepted.class::isInstance);
    }

    @Test
    void anInvalidWholeGuildHoldsNothingBack() {
        var guild = publish("{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"7\"}}");
        assertThat(guild.join()).isInstanceOf(PublishOutcome.Rejected.class);
        assertThat(publish(message(1)).join()).isInstanceOf(PublishOutcome.Accepted.class);
    }

    @Test
    void eventsThatWaitForNothingDoNotWaitForEachOther() {
        fixture.log.hold();
        var first = publish(message(1));
        var second = publish(message(2));
        assertThat(fixture.log.size()).isEqualTo(2);
        fixture.log.acknowledge(1);
        assertThat(second).isDone();
        assertThat(first).isNotDone();
        fixture.log.acknowledge(0);
        assertThat(first).isDone();
    }
}
