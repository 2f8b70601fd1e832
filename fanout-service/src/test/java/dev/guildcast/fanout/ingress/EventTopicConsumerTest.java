package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.guildcast.event.v1.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventTopicConsumerTest {
    private final IngressFixture fixture = new IngressFixture();
    private final List<String> letters = new ArrayList<>();
    private final EventTopicConsumer topic = new EventTopicConsumer(
            fixture.ingress,
            (partition, offset, reason, event) -> letters.add(partition + "@" + offset + ": " + reason),
            fixture.counters);

    private static EventTopicConsumer.TopicEvent entry(int partition, long offset, String event) {
        return new EventTopicConsumer.TopicEvent(partition, offset, utf8(event));
    }

    @Test
    void anEventIsMarkedByItsLogPositionSoThatARedeliveryIsADuplicate() {
        topic.publish(List.of(entry(3, 77, message(1))));
        topic.publish(List.of(entry(3, 77, message(1))));
        assertThat(fixture.log.entries())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.guild().getEvent().getPublication())
                        .isEqualTo(Publication.newBuilder()
                                .setPublisher("ingress.events/3")
                                .setSequence(77)
                                .build()));
    }

    @Test
    void anInvalidEventBecomesADeadLetterAndTheOthersArePublished() {
        topic.publish(List.of(entry(0, 1, message(1)), entry(0, 2, wrong()), entry(0, 3, ""), entry(0, 4, message(2))));
        assertThat(letters).containsExactly("0@2: d.author is missing", "0@3: must be a JSON object");
        assertThat(fixture.log.size()).isEqualTo(2);
        assertThat(fixture.registry
                        .get("guildcast.ingress.dead.letters")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aSequenceAboveTheBoundBecomesADeadLetter() {
        topic.publish(List.of(entry(
                0, 7, IngressFixture.message(1, Long.MAX_VALUE).replaceFirst("\\{", "{\"publisher\":\"shop\","))));
        assertThat(letters).containsExactly("0@7: sequence is 9223372036854775807 (at most 9007199254740991)");
        assertThat(fixture.log.size()).isZero();
    }

    @Test
    void anUnavailableLogHasTheBatchRedelivered() {
        fixture.log.failAt(nth -> nth == 1);
        var batch = List.of(entry(0, 1, message(1)), entry(0, 2, message(2)), entry(0, 3, message(3)));
        assertThatExceptionOfType(EventAppender.LogUnavailable.class).isThrownBy(() -> topic.publish(batch));
        fixture.log.failAt(nth -> false);
        topic.publish(batch);
        assertThat(letters).isEmpty();
        // The second append is the one that failed; nothing was appended behind it.
        assertThat(fixture.log.entries().stream()
                        .map(entry -> entry.guild().getEvent().getPublication().getSequence()))
                .containsExactly(1L, 2L, 1L, 2L, 3L);
    }

    @Test
    void aLargeBatchIsPublishedInOrderWithinItsBound() {
        var small = new IngressFixture(64, 128 << 20);
        var bounded = new EventTopicConsumer(small.ingress, (partition, offset, reason, event) -> {}, small.counters);
        bounded.publish(IntStream.range(0, 500)
                .mapToObj(n -> entry(0, n, message(n + 1)))
                .toList());
        assertThat(small.log.entries().stream()
                        .map(entry -> entry.guild().getEvent().getPublication().getSequence()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(Long::valueOf).toList());
    }
}
