package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.Publishing;
import dev.guildcast.event.v1.Publication;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what stands in the JSON topic. An event's place there marks its repeats, so that a redelivery changes
/// nothing.
///
/// - **Owner:** the consumer's thread, which waits for the appends.
/// - **Bound:** [#OUTSTANDING_MAX] events that wait at a time.
/// - **Promise:** when [#publish] returns, each event is accepted or a dead letter; when it throws, all of them come
///   again.
final class EventTopic {
    private static final Logger log = LoggerFactory.getLogger(EventTopic.class);
    private static final int OUTSTANDING_MAX = 64;

    /// One event and its place.
    record Entry(int partition, long offset, byte[] event) {}

    private record Pending(Entry entry, CompletableFuture<Outcome> outcome) {}

    private final EventIngress ingress;
    private final EventDeadLetters deadLetters;
    private final IngressCounters counters;

    EventTopic(EventIngress ingress, EventDeadLetters deadLetters, IngressCounters counters) {
        this.ingress = ingress;
        this.deadLetters = deadLetters;
        this.counters = counters;
    }

    /// @throws RuntimeException if an event was not acknowledged
    void publish(List<Entry> entries) {
        var events = ingress.stream(Transport.TOPIC);
        var pending = new ArrayDeque<Pending>(OUTSTANDING_MAX);
        for (var entry : entries) {
            if (pending.size() == OUTSTANDING_MAX) {
                settle(pending.remove());
            }
            pending.add(new Pending(entry, events.publish(entry.event(), publishing(entry))));
        }
        pending.forEach(this::settle);
    }

    private static Publishing publishing(Entry entry) {
        return Publishing.unmarked(Publication.newBuilder()
                .setPublisher(PublisherTokens.TOPIC_PUBLISHER + "/" + entry.partition())
                .setSequence(entry.offset())
                .build());
    }

    private void settle(Pending pending) {
        var entry = pending.entry();
        switch (pending.outcome().join()) {
            case Outcome.Accepted ignored -> {}
            case Outcome.Refused wrong -> {
                var reason = (wrong.field() + " " + wrong.reason()).strip();
                log.debug("event {}@{} is a dead letter: {}", entry.partition(), entry.offset(), reason);
                deadLetters.accept(entry.partition(), entry.offset(), reason, entry.event());
                counters.onDeadLetter();
            }
            case Outcome.Unavailable away -> throw new EventAppender.Unavailable(away.reason());
        }
    }
}
