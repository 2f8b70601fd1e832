package dev.guildcast.shard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.integration.kafka.support.KafkaIntegrationHeaders;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import reactor.core.scheduler.Schedulers;

class KafkaBindingAppenderTest {
    private final List<Message<?>> sent = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private boolean accepts = true;
    private final KafkaBindingAppender appender =
            new KafkaBindingAppender(this::send, "out-0", Schedulers.immediate(), 2);

    private boolean send(String binding, Object message) {
        assertThat(binding).isEqualTo("out-0");
        sent.add((Message<?>) message);
        return accepts;
    }

    private void append(String name) {
        appender.append(3, () -> name.getBytes(StandardCharsets.UTF_8))
                .subscribe(
                        ignored -> {},
                        failure -> outcomes.add(name + ": " + failure.getMessage()),
                        () -> outcomes.add(name + " acknowledged"));
    }

    /// What the binder does with the producer's future of a record.
    private void complete(Message<?> message, CompletableFuture<?> future) {
        KafkaBindingAppender.acknowledgements()
                .send(MessageBuilder.withPayload(future)
                        .copyHeaders(message.getHeaders())
                        .build());
    }

    @Test
    void completesARecordWhenItsTopicHasAcknowledgedIt() {
        append("a");
        assertThat(sent.getFirst().getHeaders()).containsEntry(KafkaHeaders.PARTITION, 3);
        assertThat(sent.getFirst().getHeaders()).containsKey(KafkaIntegrationHeaders.FUTURE_TOKEN);
        var future = new CompletableFuture<String>();
        complete(sent.getFirst(), future);
        assertThat(outcomes).isEmpty();
        future.complete("appended");
        assertThat(outcomes).containsExactly("a acknowledged");
    }

    @Test
    void failsARecordThatWasNotAppended() {
        append("a");
        complete(sent.getFirst(), CompletableFuture.failedFuture(new IllegalStateException("no leader")));
        assertThat(outcomes).containsExactly("a: no leader");
    }

    @Test
    void failsARecordThatTheBindingRejects() {
        accepts = false;
        append("a");
        assertThat(outcomes).containsExactly("a: the output binding out-0 rejected the record");
    }

    @Test
    void rejectsMoreUnacknowledgedRecordsThanItsBound() {
        append("a");
        append("b");
        append("c");
        assertThat(outcomes).containsExactly("c: 2 records of out-0 are unacknowledged (at most 2); retry later");
        assertThat(sent).hasSize(2);
        complete(sent.getFirst(), CompletableFuture.completedFuture("appended"));
        complete(sent.getLast(), CompletableFuture.failedFuture(new IllegalStateException("timed out")));
        append("d");
        append("e");
        assertThat(sent).hasSize(4);
    }

    @Test
    void aRecordThatCannotBeMadeTakesNoPlace() {
        for (int i = 0; i < 3; i++) {
            appender.append(0, () -> {
                        throw new IllegalArgumentException("not encodable");
                    })
                    .subscribe(ignored -> {}, failure -> outcomes.add(failure.getMessage()));
        }
        append("a");
        assertThat(outcomes).containsExactly("not encodable", "not encodable", "not encodable");
        assertThat(sent).hasSize(1);
    }

    @Test
    void asksForEachRecordOnlyWhenItIsHandedOver() {
        var made = new ArrayList<Integer>();
        var first = appender.append(0, () -> made(made, 1));
        var second = appender.append(0, () -> made(made, 2));
        assertThat(made).isEmpty();
        second.subscribe();
        first.subscribe();
        assertThat(made).containsExactly(2, 1);
    }

    private static byte[] made(List<Integer> made, int number) {
        made.add(number);
        return new byte[0];
    }
}
