package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.ConnectionState;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/// `/actuator/connections`: counts the connections (GET), asks each client for a heartbeat (POST), drains (DELETE).
@Endpoint(id = "connections")
final class ConnectionsEndpoint {
    private final ConnectionRegistry connections;
    private final ConnectionDrainer drainer;

    ConnectionsEndpoint(ConnectionRegistry connections, ConnectionDrainer drainer) {
        this.connections = connections;
        this.drainer = drainer;
    }

    @ReadOperation
    Map<String, Object> counts() {
        var all = connections.all();
        long live =
                all.stream().filter(it -> it.state() == ConnectionState.LIVE).count();
        return Map.of("open", all.size(), "live", live, "draining", drainer.isDraining());
    }

    @WriteOperation
    Map<String, Object> requestHeartbeats() {
        connections.all().stream()
                .filter(it -> it.state() == ConnectionState.LIVE)
                .forEach(it -> it.loop().execute(() -> requestHeartbeat(it)));
        return counts();
    }

    private static void requestHeartbeat(Connection connection) {
        if (connection.state() == ConnectionState.LIVE) {
            connection.requestHeartbeat();
        }
    }

    @DeleteOperation
    Map<String, Object> drain() {
        var unused = drainer.drain();
        return counts();
    }
}
