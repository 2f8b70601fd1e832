package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.Publishing;
import dev.guildcast.contract.catalogue.ReadEvent;
import java.util.concurrent.CompletableFuture;

/// The events of one request, call or batch: they are appended in their order.
///
/// A whole guild takes many appends, so what comes behind it waits until all of it stands in the log. When it does not
/// get there, what waited is not appended either: its guild may be unknown, and a shard would remember the event as
/// seen. Nor is anything appended once the log has not answered for an event before it: its publisher repeats it and
/// what followed, and it would come to stand behind that.
///
/// - **Owner:** its lock; one caller publishes at a time.
/// - **Bound:** what waits is in flight, and counted there.
final class EventStream {
    private static final Outcome BEHIND = new Outcome.Unavailable("an event before it was not acknowledged");

    private final EventIngress ingress;
    private final Transport transport;
    /// Done when the next event may be appended; true if it may at all.
    private CompletableFuture<Boolean> turn = CompletableFuture.completedFuture(true);
    /// Set on the thread that learns that the log does not answer.
    private volatile boolean broken;

    EventStream(EventIngress ingress, Transport transport) {
        this.ingress = ingress;
        this.transport = transport;
    }

    /// Publishes one event; never blocks, but reads the event on the calling thread.
    ///
    /// @param event is kept until the outcome is there and must not be changed
    /// @return always completes, and never with an exception
    CompletableFuture<Outcome> publish(byte[] event, Publishing publishing) {
        if (!ingress.admit(event)) {
            broken = true;
            return CompletableFuture.completedFuture(
                    ingress.count(transport, new Outcome.Unavailable("too many events are in flight")));
        }
        CompletableFuture<Outcome> outcome;
        try {
            outcome = append(EventCatalogue.read(event, publishing));
        } catch (RuntimeException e) {
            outcome = CompletableFuture.completedFuture(EventIngress.failed(e));
        }
        return outcome.thenApply(result -> ingress.settle(event, transport, result));
    }

    /// Counts an event that was wrong before it could be read, such as one larger than any may be.
    Outcome refuse(String reason) {
        return ingress.count(transport, new Outcome.Refused("", reason));
    }

    private synchronized CompletableFuture<Outcome> append(ReadEvent read) {
        // Completed with the outcome to come, as soon as the append has been called: the next one's turn.
        var called = turn.thenApply(
                may -> may && !broken ? ingress.append(read) : CompletableFuture.completedFuture(BEHIND));
        var outcome = called.thenCompose(appended -> appended).thenApply(this::heeded);
        turn = read instanceof ReadEvent.Document
                ? outcome.thenApply(result -> !(result instanceof Outcome.Unavailable))
                : called.thenCombine(turn, (appended, may) -> may);
        return outcome;
    }

    private Outcome heeded(Outcome outcome) {
        broken |= outcome instanceof Outcome.Unavailable;
        return outcome;
    }
}
