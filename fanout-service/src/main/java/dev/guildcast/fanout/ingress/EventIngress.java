package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.Topology;

/// Where the transports publish: each opens an [EventStream] for the events that keep their order.
///
/// - **Owner:** any thread.
/// - **Bound:** all streams share one [InFlightLimit] and one [ParsedEventAppender].
final class EventIngress {
    private final ParsedEventAppender appender;
    private final InFlightLimit inFlight;
    private final IngressCounters counters;

    EventIngress(EventAppender appender, Topology topology, InFlightLimit inFlight, IngressCounters counters) {
        this.appender = new ParsedEventAppender(appender, topology);
        this.inFlight = inFlight;
        this.counters = counters;
    }

    /// A stream of events that arrive together and keep their order.
    EventStream stream(Transport transport) {
        return new EventStream(transport, appender, inFlight, counters);
    }
}
