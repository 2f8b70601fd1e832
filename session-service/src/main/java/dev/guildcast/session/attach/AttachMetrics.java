package dev.guildcast.session.attach;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// Counters of opens, attaches, parks, expiries and limited requests on this host. Safe for use from any thread.
public final class AttachMetrics {
    private final MeterRegistry registry;
    private final Counter opens;
    private final Counter expired;
    private final Counter parked;
    private final Counter limited;
    private final Counter presencesLimited;

    public AttachMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.opens = Counter.builder("guildcast.session.opens")
                .description("Sessions opened by an Identify: Open records appended")
                .register(registry);
        this.expired = Counter.builder("guildcast.session.expiries")
                .description("Sessions closed because no client resumed within session.timeout")
                .register(registry);
        this.parked = Counter.builder("guildcast.session.parks")
                .description("Connections whose push stopped: the client did not read, or the ring overran it")
                .register(registry);
        this.limited = Counter.builder("guildcast.session.member.requests.limited")
                .description("Requests for all members of a guild that came too soon and were answered by RATE_LIMITED")
                .register(registry);
        this.presencesLimited = Counter.builder("guildcast.session.presences.limited")
                .description("Presence updates above 5 in 20 s of a session, dropped")
                .register(registry);
    }

    void presenceLimited() {
        presencesLimited.increment();
    }

    void attach(AttachRequest.Kind kind, String outcome) {
        Counter.builder("guildcast.session.attaches")
                .description("Answers to open, attach and re-attach requests of gateways")
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
