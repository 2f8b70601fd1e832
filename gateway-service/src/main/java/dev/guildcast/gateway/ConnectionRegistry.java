package dev.guildcast.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /// Takes a place; false when all are taken.
    public boolean tryReserve() {
        int taken = places.get();
        while (taken < connectionsMax) {
            if (places.compareAndSet(taken, taken + 1)) {
                return true;
            }
            taken = places.get();
        }
        return false;
    }

    /// Gives a place back.
    public void release() {
        places.decrementAndGet();
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
