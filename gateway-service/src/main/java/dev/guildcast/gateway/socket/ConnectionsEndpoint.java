package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.ConnectionState;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/// `/actuator/connections`: how many there are (GET), ask each client for a heartbeat (POST), drain (DELETE).
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
    Map<String, Object> requestBeats() {
        connections.all().stream()
                .filter(it -> it.state() == ConnectionState.LIVE)
                .forEach(it -> it.loop().execute(() -> requestBeat(it)));
        return counts();
    }

    private static void requestBeat(Connection connection) {
        if (connection.state() == ConnectionState.LIVE) {
            connection.requestBeat();
        }
    }

    @DeleteOperation
    Map<String, Object> drain() {
        var unused = drainer.drain();
        return counts();
    }
}
