package dev.guildcast.fanout.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what is published, by the way it came and what became of it.
final class IngressCounters {
    private record Events(Counter accepted, Counter refused, Counter unavailable, Counter unauthenticated) {
        Events(MeterRegistry registry, Transport transport) {
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

    private final Events grpc;
    private final Events http;
    private final Events topic;
    private final Counter deadLetters;

    IngressCounters(MeterRegistry registry, InFlight inFlight) {
        grpc = new Events(registry, Transport.GRPC);
        http = new Events(registry, Transport.HTTP);
        topic = new Events(registry, Transport.TOPIC);
        deadLetters = registry.counter("guildcast.ingress.dead.letters");
        Gauge.builder("guildcast.ingress.in.flight.events", inFlight, InFlight::events)
                .register(registry);
        Gauge.builder("guildcast.ingress.in.flight.bytes", inFlight, InFlight::bytes)
                .baseUnit("bytes")
                .register(registry);
    }

    void onOutcome(Transport transport, Outcome outcome) {
        var events = of(transport);
        switch (outcome) {
            case Outcome.Accepted ignored -> events.accepted().increment();
            case Outcome.Refused ignored -> events.refused().increment();
            case Outcome.Unavailable ignored -> events.unavailable().increment();
        }
    }

    /// A call without the token of a publisher.
    void onUnauthenticated(Transport transport) {
        of(transport).unauthenticated().increment();
    }

    void onDeadLetter() {
        deadLetters.increment();
    }

    private Events of(Transport transport) {
        return switch (transport) {
            case GRPC -> grpc;
            case HTTP -> http;
            case TOPIC -> topic;
        };
    }
}
