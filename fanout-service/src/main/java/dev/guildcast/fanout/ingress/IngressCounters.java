package dev.guildcast.fanout.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts published events by transport and outcome.
final class IngressCounters {
    private record TransportCounters(Counter accepted, Counter rejected, Counter unavailable, Counter unauthenticated) {
        TransportCounters(MeterRegistry registry, Transport transport) {
            this(
                    events(registry, transport, "accepted"),
                    events(registry, transport, "refused"),
                    events(registry, transport, "unavailable"),
                    registry.counter("guildcast.ingress.unauthenticated", "transport", transport.tag()));
        }

        private static Counter events(MeterRegistry registry, Transport transport, String outcome) {
            return registry.counter("guildcast.ingress.events", "transport", transport.tag(), "outcome", outcome);
        }
    }

    private final TransportCounters grpc;
    private final TransportCounters http;
    private final TransportCounters topic;
    private final Counter deadLetters;

    IngressCounters(MeterRegistry registry, InFlightLimit inFlight) {
        grpc = new TransportCounters(registry, Transport.GRPC);
        http = new TransportCounters(registry, Transport.HTTP);
        topic = new TransportCounters(registry, Transport.TOPIC);
        deadLetters = registry.counter("guildcast.ingress.dead.letters");
        Gauge.builder("guildcast.ingress.in.flight.events", inFlight, InFlightLimit::events)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.ingress.in.flight.bytes", inFlight, InFlightLimit::bytes)
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    void onOutcome(Transport transport, PublishOutcome outcome) {
        var events = of(transport);
        switch (outcome) {
            case PublishOutcome.Accepted ignored -> events.accepted().increment();
            case PublishOutcome.Rejected ignored -> events.rejected().increment();
            case PublishOutcome.Unavailable ignored -> events.unavailable().increment();
        }
    }

    /// A call without the token of a publisher.
    void onUnauthenticated(Transport transport) {
        of(transport).unauthenticated().increment();
    }

    void onDeadLetter() {
        deadLetters.increment();
    }

    private TransportCounters of(Transport transport) {
        return switch (transport) {
            case GRPC -> grpc;
            case HTTP -> http;
            case TOPIC -> topic;
        };
    }
}
