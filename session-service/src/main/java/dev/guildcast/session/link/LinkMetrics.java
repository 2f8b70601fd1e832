package dev.guildcast.session.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// What is counted about sessions and connections on this host. Safe for use from any thread.
final class LinkMetrics {
    private final MeterRegistry registry;
    private final Counter opens;
    private final Counter expired;
    private final Counter parked;
    private final Counter limited;

    LinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.opens = Counter.builder("guildcast.session.opens")
                .description("Open records appended")
                .register(registry);
        this.expired = Counter.builder("guildcast.session.expiries")
                .description("Sessions closed because nobody came back in time")
                .register(registry);
        this.parked = Counter.builder("guildcast.session.parks")
                .description("Connections whose push stopped: the client did not read or fell out of the ring")
                .register(registry);
        this.limited = Counter.builder("guildcast.session.member.requests.limited")
                .description("Requests for all members of a guild answered by RATE_LIMITED")
                .register(registry);
    }

    void attach(Question.Kind kind, String outcome) {
        Counter.builder("guildcast.session.attaches")
                .description("Answers to connections that asked for a session")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    void opened() {
        opens.increment();
    }

    void expired() {
        expired.increment();
    }

    void parked() {
        parked.increment();
    }

    void limited() {
        limited.increment();
    }
}
