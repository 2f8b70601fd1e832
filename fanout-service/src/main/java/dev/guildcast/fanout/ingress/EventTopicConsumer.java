package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.Publication;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the events of the JSON topic. An event's offset there identifies it for deduplication, so that a
/// redelivery changes nothing.
///
/// - **Owner:** the consumer's thread, which blocks on the appends.
/// - **Bound:** at most [#OUTSTANDING_MAX] events in flight.
/// - **Promise:** when [#publish] returns, each event is accepted or a dead letter; when it throws, all of them are
///   delivered again.
final class EventTopicConsumer {
    private static final Logger log = LoggerFactory.getLogger(EventTopicConsumer.class);
    /// Unacknowledged events of a batch, below the deduplication window of a publisher.
    private static final int OUTSTANDING_MAX = 64;

    /// One event and its position in the topic.
    record TopicEvent(int partition, long offset, byte[] event) {}

    private record UnconfirmedEvent(TopicEvent entry, CompletableFuture<PublishOutcome> outcome) {}

    private final EventIngress ingress;
    private final EventDeadLetters deadLetters;
    private final IngressCounters counters;

    EventTopicConsumer(EventIngress ingress, EventDeadLetters deadLetters, IngressCounters counters) {
        this.ingress = ingress;
        this.deadLetters = deadLetters;
        this.counters = counters;
    }

    /// @throws RuntimeException if an event was not acknowledged
    void publish(List<TopicEvent> entries) {
        var events = ingress.stream(Transport.TOPIC);
        var pending = new ArrayDeque<UnconfirmedEvent>(OUTSTANDING_MAX);
        for (var entry : entries) {
            if (pending.size() == OUTSTANDING_MAX) {
                complete(pending.remove());
            }
            pending.add(new UnconfirmedEvent(entry, events.publish(entry.event(), publisherContext(entry))));
        }
        pending.forEach(this::complete);
    }

    private static PublisherContext publisherContext(TopicEvent entry) {
        return PublisherContext.defaultPublication(Publication.newBuilder()
                .setPublisher(PublisherTokens.TOPIC_PUBLISHER + "/" + entry.partition())
                .setSequence(entry.offset())
                .build());
    }

    private void complete(UnconfirmedEvent pending) {
        var entry = pending.entry();
        switch (pending.outcome().join()) {
            case PublishOutcome.Accepted ignored -> {}
            case PublishOutcome.Rejected rejected -> {
                var reason = (rejected.field() + " " + rejected.reason()).strip();
                log.debug("event {}@{} goes to the dead letters: {}", entry.partition(), entry.offset(), reason);
                deadLetters.accept(entry.partition(), entry.offset(), reason, entry.event());
                counters.onDeadLetter();
            }
            case PublishOutcome.Unavailable unavailable -> throw new EventAppender.LogUnavailable(unavailable.reason());
        }
    }
}
