package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Counters and timers of client connections. Safe for use from any thread.
public final class ConnectionMetrics {
    private final MeterRegistry registry;
    private final LongSupplier wallMillis;
    private final Counter accepted;
    private final Timer latency;
    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
    private final Map<UnknownErrorReason, Counter> unknownErrors = new EnumMap<>(UnknownErrorReason.class);

    /// @param wallMillis the wall clock in Unix milliseconds, from which the latency of dispatches is computed
    public ConnectionMetrics(MeterRegistry registry, LongSupplier wallMillis) {
        this.registry = registry;
        this.wallMillis = wallMillis;
        accepted = Counter.builder("guildcast.gateway.connections.accepted")
                .description("WebSocket connections accepted")
                .register(registry);
        latency = Timer.builder("guildcast.gateway.latency")
                .description("Time from the append of the published event until its frame was queued for the socket")
                .serviceLevelObjectives(
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
        for (var code : CloseCode.values()) {
            if (code != CloseCode.UNKNOWN_ERROR) {
                closes.put(code, closeCounter(code, code.name().toLowerCase(Locale.ROOT)));
            }
        }
        for (var reason : UnknownErrorReason.values()) {
            unknownErrors.put(reason, closeCounter(CloseCode.UNKNOWN_ERROR, reason.tag()));
        }
    }

    private Counter closeCounter(CloseCode code, String reason) {
        return Counter.builder("guildcast.gateway.closes")
                .description("Connections closed by the gateway, by close code; for 4000 the reason says why")
                .tag("code", Integer.toString(code.code()))
                .tag("reason", reason)
                .register(registry);
    }

    void accepted() {
        accepted.increment();
    }

    /// @param reason `full`, `address`, `draining` or `handshake`
    public void refused(String reason) {
        registry.counter("guildcast.gateway.connections.refused", "reason", reason)
                .increment();
    }

    /// @param code other than 4000, which [#closedWithUnknownError] counts
    void closed(CloseCode code) {
        var counter = closes.get(code);
        if (counter != null) {
            counter.increment();
        }
    }

    void closedWithUnknownError(UnknownErrorReason reason) {
        var counter = unknownErrors.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /// @param code of the client's close frame; negative: there was none
    void closedByClient(int code) {
        var tag = code < 0 ? "none" : code == 1000 || code == 1001 ? Integer.toString(code) : "other";
        registry.counter("guildcast.gateway.client.closes", "code", tag).increment();
    }

    /// @param limit the limit that a client exceeded
    public void limited(String limit) {
        registry.counter("guildcast.gateway.limited", "limit", limit).increment();
    }

    /// @param kind of the violation: `framing` of RFC 6455, or `utf8`
    public void violated(String kind) {
        registry.counter("guildcast.gateway.protocol.violations", "kind", kind).increment();
    }

    /// @param outcome `resumed`, `invalid`, `refused` or `unanswered`
    public void resume(String outcome) {
        registry.counter("guildcast.gateway.resumes", "outcome", outcome).increment();
    }

    /// @param outcome `ready`, `refused`, `held` or `unanswered`
    public void identify(String outcome) {
        registry.counter("guildcast.gateway.identifies", "outcome", outcome).increment();
    }

    void parked() {
        registry.counter("guildcast.gateway.parked").increment();
    }

    void dispatched(long publishedMillis) {
        long millis = wallMillis.getAsLong() - publishedMillis;
        latency.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }
}
