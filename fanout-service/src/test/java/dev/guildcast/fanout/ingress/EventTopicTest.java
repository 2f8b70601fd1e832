package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.Samples.message;
import static dev.guildcast.fanout.ingress.Samples.utf8;
import static dev.guildcast.fanout.ingress.Samples.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.guildcast.event.v1.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventTopicTest {
    private final Samples samples = new Samples();
    private final List<String> letters = new ArrayList<>();
    private final EventTopic topic = new EventTopic(
            samples.ingress,
            (partition, offset, reason, event) -> letters.add(partition + "@" + offset + ": " + reason),
            samples.counters);

    private static EventTopic.Entry entry(int partition, long offset, String event) {
        return new EventTopic.Entry(partition, offset, utf8(event));
    }

    @Test
    void anEventIsMarkedByItsPlaceSoThatARedeliveryIsARepeat() {
        topic.publish(List.of(entry(3, 77, message(1))));
        topic.publish(List.of(entry(3, 77, message(1))));
        assertThat(samples.log.entries())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.guild().getEvent().getPublication())
                        .isEqualTo(Publication.newBuilder()
                                .setPublisher("ingress.events/3")
                                .setSequence(77)
                                .build()));
    }

    @Test
    void aWrongEventBecomesADeadLetterAndTheOthersArePublished() {
        topic.publish(List.of(entry(0, 1, message(1)), entry(0, 2, wrong()), entry(0, 3, ""), entry(0, 4, message(2))));
        assertThat(letters).containsExactly("0@2: d.author is missing", "0@3: must be a JSON object");
        assertThat(samples.log.size()).isEqualTo(2);
        assertThat(samples.registry
                        .get("guildcast.ingress.dead.letters")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aLogThatDoesNotAnswerHasTheBatchComeAgain() {
        samples.log.failAt(nth -> nth == 1);
        var batch = List.of(entry(0, 1, message(1)), entry(0, 2, message(2)), entry(0, 3, message(3)));
        assertThatExceptionOfType(EventAppender.Unavailable.class).isThrownBy(() -> topic.publish(batch));
        samples.log.failAt(nth -> false);
        topic.publish(batch);
        assertThat(letters).isEmpty();
        // The second append is the one that failed; nothing was appended behind it.
        assertThat(samples.log.entries().stream()
                        .map(entry -> entry.guild().getEvent().getPublication().getSequence()))
                .containsExactly(1L, 2L, 1L, 2L, 3L);
    }

    @Test
    void aLargeBatchIsPublishedInOrderWithinItsBound() {
        var small = new Samples(64, 128 << 20);
        var bounded = new EventTopic(small.ingress, (partition, offset, reason, event) -> {}, small.counters);
        bounded.publish(IntStream.range(0, 500)
                .mapToObj(n -> entry(0, n, message(n + 1)))
                .toList());
        assertThat(small.log.entries().stream()
                        .map(entry -> entry.guild().getEvent().getPublication().getSequence()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(Long::valueOf).toList());
    }
}
