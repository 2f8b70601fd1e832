package dev.guildcast.fanout.ingress;

import com.google.protobuf.MessageLite;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.ReadEvent;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/// Publishes events, whichever way they came: reads them by the catalogue and appends what they become.
///
/// - **Owner:** any thread; the order of events is that of an [EventStream].
/// - **Bound:** what [InFlight] allows; [#DOCUMENTS_MAX] whole guilds at a time, [#PARTS_MAX] parts of each.
/// - **Promise:** an event is accepted when all of it stands in its log. The end of a whole guild is appended after all
///   its parts are acknowledged, and not at all when one is not.
final class EventIngress {
    private static final int DOCUMENTS_MAX = 2;
    private static final int PARTS_MAX = 8;

    private final EventAppender appender;
    private final Topology topology;
    private final InFlight inFlight;
    private final IngressCounters counters;
    private final Semaphore documents = new Semaphore(DOCUMENTS_MAX);

    EventIngress(EventAppender appender, Topology topology, InFlight inFlight, IngressCounters counters) {
        this.appender = appender;
        this.topology = topology;
        this.inFlight = inFlight;
        this.counters = counters;
    }

    /// Events that came together and keep their order.
    EventStream stream(Transport transport) {
        return new EventStream(this, transport);
    }

    /// @return false when there is no room; else [#settle] gives it back
    boolean admit(byte[] event) {
        return inFlight.takeEvent(event.length);
    }

    Outcome settle(byte[] event, Transport transport, Outcome outcome) {
        inFlight.giveEvent(event.length);
        return count(transport, outcome);
    }

    Outcome count(Transport transport, Outcome outcome) {
        counters.onOutcome(transport, outcome);
        return outcome;
    }

    /// Appends in the order of the calls, a whole guild apart, whose parts follow one another.
    ///
    /// @return always completes, and never with an exception
    CompletableFuture<Outcome> append(ReadEvent read) {
        try {
            return appends(read).exceptionally(EventIngress::failed);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failed(e));
        }
    }

    private CompletableFuture<Outcome> appends(ReadEvent read) {
        return switch (read) {
            case ReadEvent.Refused wrong ->
                CompletableFuture.completedFuture(new Outcome.Refused(wrong.field(), wrong.reason()));
            case ReadEvent.ToGuild event ->
                append(log(event.lane()), partition(event.guildId()), event.record())
                        .thenApply(Outcome.Accepted::new);
            case ReadEvent.ToUser event ->
                append(Log.USER_EVENTS, topology.userShard(event.scope()).index(), event.record())
                        .thenApply(Outcome.Accepted::new);
            case ReadEvent.Document document -> {
                var outcome = new CompletableFuture<Outcome>();
                // Parts are made as the log takes them, which is waiting: on a thread that costs nothing.
                Thread.ofVirtual().name("ingress-document").start(() -> {
                    try {
                        outcome.complete(new Outcome.Accepted(appendDocument(document)));
                    } catch (InterruptedException e) {
                        outcome.complete(new Outcome.Unavailable("interrupted"));
                    } catch (RuntimeException e) {
                        outcome.completeExceptionally(e);
                    }
                });
                yield outcome;
            }
        };
    }

    private Appended appendDocument(ReadEvent.Document document) throws InterruptedException {
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

    static Outcome failed(Throwable failure) {
        var cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return switch (cause) {
            case EventAppender.TooLarge e -> new Outcome.Refused("", e.reason());
            case EventAppender.Unavailable e -> new Outcome.Unavailable(e.reason());
            default -> new Outcome.Unavailable(cause.getClass().getSimpleName());
        };
    }
}
