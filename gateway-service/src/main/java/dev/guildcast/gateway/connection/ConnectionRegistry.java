package dev.guildcast.gateway.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Every open connection, and the permits that limit their number.
///
/// - **Owner:** none: a concurrent set.
/// - **Bound:** `connectionsMax` permits; a connection holds one from before its upgrade until its channel is closed.
public final class ConnectionRegistry {
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger permitsInUse = new AtomicInteger();
    private final int connectionsMax;

    public ConnectionRegistry(int connectionsMax, MeterRegistry registry) {
        this.connectionsMax = connectionsMax;
        Gauge.builder("guildcast.gateway.connections.open", connections, Set::size)
                .description("WebSocket connections that are open now")
                .strongReference(true)
                .register(registry);
    }

    /// Takes a permit; empty when all are in use.
    public Optional<Permit> tryAcquire() {
        int inUse = permitsInUse.get();
        while (inUse < connectionsMax) {
            if (permitsInUse.compareAndSet(inUse, inUse + 1)) {
                return Optional.of(new Permit());
            }
            inUse = permitsInUse.get();
        }
        return Optional.empty();
    }

    /// One connection's share of `connectionsMax`. Safe for use from any thread.
    public final class Permit {
        private final AtomicBoolean released = new AtomicBoolean();
        private volatile boolean transferred;

        /// The upgrade has succeeded: from now on the permit ends with the connection, not with the request.
        public void transferToConnection() {
            transferred = true;
        }

        /// The upgrade request has ended; releases the permit unless it was transferred to a connection.
        public void onRequestEnd() {
            if (!transferred) {
                release();
            }
        }

        /// Releases the permit. Idempotent.
        public void release() {
            if (released.compareAndSet(false, true)) {
                permitsInUse.decrementAndGet();
            }
        }
    }

    public void add(Connection connection) {
        connections.add(connection);
    }

    public void remove(Connection connection) {
        connections.remove(connection);
    }

    /// A live, weakly consistent view: it may change while it is iterated.
    public Collection<Connection> all() {
        return Collections.unmodifiableSet(connections);
    }
}
