package dev.guildcast.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Every open connection.
///
/// - **Owner:** none: a concurrent set.
/// - **Bound:** `connectionsMax` places; a connection holds one from before its upgrade until its socket is gone.
public final class ConnectionRegistry {
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final int connectionsMax;

    public ConnectionRegistry(int connectionsMax, MeterRegistry registry) {
        this.connectionsMax = connectionsMax;
        Gauge.builder("guildcast.gateway.connections.open", connections, Set::size)
                .description("Open WebSocket connections")
                .register(registry);
    }

    /// A place, unless all are taken.
    public Optional<Place> tryReserve() {
        int taken = places.get();
        while (taken < connectionsMax) {
            if (places.compareAndSet(taken, taken + 1)) {
                return Optional.of(new Place());
            }
            taken = places.get();
        }
        return Optional.empty();
    }

    /// One connection's right to be here. Safe for use from any thread.
    public final class Place {
        private final AtomicBoolean free = new AtomicBoolean();
        private volatile boolean held;

        /// The upgrade has succeeded: the place is the connection's from here on.
        public void hold() {
            held = true;
        }

        /// The request has ended; the place goes with it if no connection came of it.
        public void onRequestEnd() {
            if (!held) {
                release();
            }
        }

        /// Gives the place back, once however often it is called.
        public void release() {
            if (free.compareAndSet(false, true)) {
                places.decrementAndGet();
            }
        }
    }

    public void add(Connection connection) {
        connections.add(connection);
    }

    public void remove(Connection connection) {
        connections.remove(connection);
    }

    /// A view that may change while it is read.
    public Collection<Connection> all() {
        return Collections.unmodifiableSet(connections);
    }
}
