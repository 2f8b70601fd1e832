package dev.guildcast.fanout.ingress;

import com.google.protobuf.MessageLite;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.ParsedEvent;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/// Publishes events of all transports: parses them by the catalogue and appends the resulting records.
///
/// - **Owner:** any thread; the order of events is that of an [EventStream].
/// - **Bound:** what [InFlightLimit] allows; [#DOCUMENTS_MAX] whole guilds at a time, [#PARTS_MAX] parts of each.
/// - **Promise:** an event is accepted when all of it is in its log. The end of a guild snapshot is appended after all
///   its parts are acknowledged, and not at all when one is not.
final class EventIngress {
    /// Guild snapshots appended at a time; bounds their share of the appends that are in flight.
    private static final int DOCUMENTS_MAX = 2;
    /// Unacknowledged parts of one snapshot; keeps several appends in flight, and bounds the memory of built parts.
    private static final int PARTS_MAX = 8;

    private final EventAppender appender;
    private final Topology topology;
    private final InFlightLimit inFlight;
    private final IngressCounters counters;
    private final Semaphore documents = new Semaphore(DOCUMENTS_MAX);

    EventIngress(EventAppender appender, Topology topology, InFlightLimit inFlight, IngressCounters counters) {
        this.appender = appender;
        this.topology = topology;
        this.inFlight = inFlight;
        this.counters = counters;
    }

    /// A stream of events that arrive together and keep their order.
    EventStream stream(Transport transport) {
        return new EventStream(this, transport);
    }

    /// @return false when the limit is reached; otherwise [#complete] releases the event
    boolean admit(byte[] event) {
        return inFlight.tryAcquireEvent(event.length);
    }

    PublishOutcome complete(byte[] event, Transport transport, PublishOutcome outcome) {
        inFlight.releaseEvent(event.length);
        return count(transport, outcome);
    }

    PublishOutcome count(Transport transport, PublishOutcome outcome) {
        counters.onOutcome(transport, outcome);
        return outcome;
    }

    /// Appends in the order of the calls; the parts of a guild snapshot are appended one after another.
    ///
    /// @return always completes, and never with an exception
    CompletableFuture<PublishOutcome> append(ParsedEvent parsed) {
        try {
            return appendParsed(parsed).exceptionally(EventIngress::outcomeOf);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(outcomeOf(e));
        }
    }

    private CompletableFuture<PublishOutcome> appendParsed(ParsedEvent parsed) {
        return switch (parsed) {
            case ParsedEvent.Invalid rejected ->
                CompletableFuture.completedFuture(new PublishOutcome.Rejected(rejected.field(), rejected.reason()));
            case ParsedEvent.ToGuild event ->
                append(log(event.lane()), partition(event.guildId()), event.record())
                        .thenApply(PublishOutcome.Accepted::new);
            case ParsedEvent.ToUser event ->
                append(Log.USER_EVENTS, topology.userShard(event.scope()).index(), event.record())
                        .thenApply(PublishOutcome.Accepted::new);
            case ParsedEvent.Document document -> {
                var outcome = new CompletableFuture<PublishOutcome>();
                // Parts are built as the log accepts them, which blocks: a virtual thread makes that cheap.
                Thread.ofVirtual().name("ingress-document").start(() -> {
                    try {
                        outcome.complete(new PublishOutcome.Accepted(appendDocument(document)));
                    } catch (InterruptedException e) {
                        outcome.complete(new PublishOutcome.Unavailable("interrupted"));
                    } catch (RuntimeException e) {
                        outcome.completeExceptionally(e);
                    }
                });
                yield outcome;
            }
        };
    }

    private Appended appendDocument(ParsedEvent.Document document) throws InterruptedException {
        documents.acquire();
        try {
            int partition = partition(document.guildId());
            var parts = new ArrayDeque<CompletableFuture<Appended>>(PARTS_MAX);
            CompletableFuture<Appended> first = null;
            for (var part : document.parts()) {
                if (parts.size() == PARTS_MAX) {
                    parts.remove().join();
                }
                var appended = append(Log.GUILD_EVENTS, partition, part);
                parts.add(appended);
                first = first == null ? appended : first;
            }
            parts.forEach(CompletableFuture::join);
            var end = append(Log.GUILD_EVENTS, partition, document.end()).join();
            return first == null ? end : first.join();
        } finally {
            documents.release();
        }
    }

    private CompletableFuture<Appended> append(Log log, int partition, MessageLite record) {
        return appender.append(log, partition, record.toByteArray());
    }

    private static Log log(Lane lane) {
        return lane == Lane.EPHEMERAL ? Log.GUILD_EPHEMERAL : Log.GUILD_EVENTS;
    }

    private int partition(long guildId) {
        return topology.guildShard(guildId).index();
    }

    static PublishOutcome outcomeOf(Throwable failure) {
        var cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return switch (cause) {
            case EventAppender.TooLarge e -> new PublishOutcome.Rejected("", e.reason());
            case EventAppender.Unavailable e -> new PublishOutcome.Unavailable(e.reason());
            default -> new PublishOutcome.Unavailable(cause.getClass().getSimpleName());
        };
    }
}
