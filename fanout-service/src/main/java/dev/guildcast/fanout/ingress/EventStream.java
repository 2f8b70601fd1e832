package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.ParsedEvent;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.fanout.publisher.Publisher;
import dev.guildcast.fanout.publisher.PublisherRules;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// The events of one request, call or batch: they are appended in order.
///
/// A guild snapshot takes many appends, so later events wait until all of it is in the log. If it fails, the waiting
/// events are not appended either: their guild may be unknown, and a shard would record them as seen. Nor is anything
/// appended after an event that was not acknowledged: its publisher repeats it and all later ones, and the order would
/// change.
///
/// - **Owner:** its lock; one caller publishes at a time.
/// - **Bound:** waiting events count as in flight.
final class EventStream {
    private static final PublishOutcome AFTER_FAILURE =
            new PublishOutcome.Unavailable("an event before it was not acknowledged");

    private final Transport transport;
    private final ParsedEventAppender appender;
    private final InFlightLimit inFlight;
    private final IngressCounters counters;
    /// Completes when the next event may be appended; false if it must not be.
    private CompletableFuture<Boolean> nextAppend = CompletableFuture.completedFuture(true);
    /// Set on the thread that learns of the missing acknowledgement.
    private volatile boolean failed;

    EventStream(Transport transport, ParsedEventAppender appender, InFlightLimit inFlight, IngressCounters counters) {
        this.transport = transport;
        this.appender = appender;
        this.inFlight = inFlight;
        this.counters = counters;
    }

    /// Publishes one event of a publisher, within its rules; never blocks, but reads the event on the calling thread.
    ///
    /// @param event is retained until the outcome completes and must not be changed
    /// @return always completes, and never with an exception
    CompletableFuture<PublishOutcome> publish(byte[] event, PublisherContext context, Publisher publisher) {
        if (publisher.isRevoked()) {
            failed = true;
            return CompletableFuture.completedFuture(
                    count(new PublishOutcome.Unavailable("a token of this publisher was revoked: call again")));
        }
        if (failed) {
            // Its quota is not for events that are not appended anyway.
            return CompletableFuture.completedFuture(count(AFTER_FAILURE));
        }
        var limited = publisher.admit(event.length);
        if (limited.isPresent()) {
            failed = true;
            counters.onLimited(publisher.name(), limited.get().limit());
            return CompletableFuture.completedFuture(count(new PublishOutcome.Limited(
                    limited.get().reason(), limited.get().retryNanos())));
        }
        return publish(
                        event,
                        context,
                        publisher.name(),
                        parsed -> publisher.rules().verify(parsed))
                .whenComplete((outcome, failure) -> publisher.release());
    }

    /// Publishes one event without rules; see the other.
    CompletableFuture<PublishOutcome> publish(byte[] event, PublisherContext context) {
        return publish(event, context, "", parsed -> Optional.empty());
    }

    private CompletableFuture<PublishOutcome> publish(
            byte[] event,
            PublisherContext context,
            String publisher,
            Function<ParsedEvent, Optional<PublisherRules.Forbidden>> rules) {
        if (!inFlight.tryAcquireEvent(event.length)) {
            failed = true;
            return CompletableFuture.completedFuture(
                    count(new PublishOutcome.Unavailable("too many events are in flight")));
        }
        CompletableFuture<PublishOutcome> outcome;
        try {
            var parsed = EventCatalogue.parse(event, context);
            var forbidden = rules.apply(parsed);
            forbidden.ifPresent(reason -> counters.onForbidden(publisher, reason.field()));
            outcome = forbidden
                    .<CompletableFuture<PublishOutcome>>map(reason -> CompletableFuture.completedFuture(
                            new PublishOutcome.Rejected(reason.field(), reason.reason())))
                    .orElseGet(() -> append(parsed));
        } catch (RuntimeException e) {
            outcome = CompletableFuture.completedFuture(ParsedEventAppender.outcomeOf(e));
        }
        return outcome.thenApply(result -> {
            inFlight.releaseEvent(event.length);
            return count(result);
        });
    }

    /// Counts an event that was invalid before it could be parsed, such as one above the size limit.
    PublishOutcome reject(String reason) {
        return reject("", reason);
    }

    /// Likewise, for one thing in it.
    PublishOutcome reject(String field, String reason) {
        return count(new PublishOutcome.Rejected(field, reason));
    }

    private synchronized CompletableFuture<PublishOutcome> append(ParsedEvent parsed) {
        // Completes as soon as the append has been called, so that the next event may be appended.
        var called = nextAppend.thenApply(
                may -> may && !failed ? appender.append(parsed) : CompletableFuture.completedFuture(AFTER_FAILURE));
        var outcome = called.thenCompose(appended -> appended).thenApply(this::noteFailure);
        nextAppend = parsed instanceof ParsedEvent.Document
                ? outcome.thenApply(result -> !(result instanceof PublishOutcome.Unavailable))
                : called.thenCombine(nextAppend, (appended, may) -> may);
        return outcome;
    }

    private PublishOutcome count(PublishOutcome outcome) {
        counters.onOutcome(transport, outcome);
        return outcome;
    }

    private PublishOutcome noteFailure(PublishOutcome outcome) {
        failed |= outcome instanceof PublishOutcome.Unavailable;
        return outcome;
    }
}
