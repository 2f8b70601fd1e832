package dev.guildcast.system.simulation;

import dev.guildcast.gateway.link.SimulatedGateway;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import java.util.ArrayDeque;

/// The gRPC stream between one gateway and one node, with the messages in flight.
final class SimulatedStream {
    final SimulatedGateway gateway;
    final String node;
    private final SimulationConfig config;
    private final ArrayDeque<GatewayMessage> toHost = new ArrayDeque<>();
    private final ArrayDeque<HostMessage> toGateway = new ArrayDeque<>();
    private SimulatedHost.Stream hostStream;

    SimulatedStream(SimulatedGateway gateway, String node, SimulationConfig config) {
        this.gateway = gateway;
        this.node = node;
        this.config = config;
    }

    boolean isUp() {
        return hostStream != null;
    }

    boolean isIdle() {
        return toHost.isEmpty() && toGateway.isEmpty();
    }

    void send(GatewayMessage message) {
        if (isUp()) {
            toHost.add(message);
        }
    }

    void connect(SimulatedHost host) {
        hostStream = host.connect(toGateway::add, () -> toGateway.size() < config.transportMessagesMax());
        toHost.add(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("gateway").setInitialCredit(config.creditBytes()))
                .build());
        gateway.onUp(node);
    }

    boolean deliverToHost() {
        var message = toHost.poll();
        if (message == null || hostStream == null) {
            return false;
        }
        hostStream.receive(message);
        return true;
    }

    boolean deliverToGateway() {
        var message = toGateway.poll();
        if (message == null) {
            return false;
        }
        boolean wasFull = toGateway.size() + 1 >= config.transportMessagesMax();
        gateway.onMessage(node, message);
        if (wasFull && hostStream != null) {
            hostStream.writable();
        }
        return true;
    }

    /// The stream breaks; messages of the host may arrive before the gateway notices.
    void cut(int stillArriving, boolean gatewayDied) {
        if (hostStream == null) {
            return;
        }
        var broken = hostStream;
        hostStream = null;
        toHost.clear();
        if (!gatewayDied) {
            for (int i = 0; i < stillArriving && !toGateway.isEmpty(); i++) {
                gateway.onMessage(node, toGateway.poll());
            }
            toHost.clear();
        }
        toGateway.clear();
        broken.broken();
        toGateway.clear();
        if (!gatewayDied) {
            gateway.onDown(node);
        }
    }
}
