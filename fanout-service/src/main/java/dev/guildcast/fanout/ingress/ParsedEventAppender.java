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

/// Appends the records of a parsed event to the log of its guild or of its users.
///
/// - **Owner:** any thread; the order of events is that of an [EventStream].
/// - **Bound:** [#DOCUMENTS_MAX] guild snapshots at a time, [#PARTS_MAX] unacknowledged parts of each.
/// - **Promise:** an event is accepted when all of it is in its log. The end of a guild snapshot is appended after all
///   its parts are acknowledged, and not at all when one is not.
final class ParsedEventAppender {
    /// Guild snapshots appended at a time: with [#PARTS_MAX], bounds the memory of built parts, which [InFlightLimit]
    /// does not count.
    private static final int DOCUMENTS_MAX = 2;
    /// Unacknowledged parts of one snapshot: several, so that the next ones are built while the log acknowledges.
    private static final int PARTS_MAX = 8;

    private final EventAppender appender;
    private final Topology topology;
    private final Semaphore documents = new Semaphore(DOCUMENTS_MAX);

    ParsedEventAppender(EventAppender appender, Topology topology) {
        this.appender = appender;
        this.topology = topology;
    }

    /// Appends in the order of the calls; the parts of a guild snapshot are appended one after another.
    ///
    /// @return always completes, and never with an exception
    CompletableFuture<PublishOutcome> append(ParsedEvent parsed) {
        try {
            return appendParsed(parsed).exceptionally(ParsedEventAppender::outcomeOf);
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

    /// The outcome of an event whose append failed with an exception.
    static PublishOutcome outcomeOf(Throwable failure) {
        var cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return switch (cause) {
            case EventAppender.RecordTooLarge e -> new PublishOutcome.Rejected("", e.reason());
            case EventAppender.LogUnavailable e -> new PublishOutcome.Unavailable(e.reason());
            default -> new PublishOutcome.Unavailable(cause.getClass().getSimpleName());
        };
    }
}
