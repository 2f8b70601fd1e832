package dev.guildcast.system.simulation;

import dev.guildcast.gateway.link.SimulatedGateway;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.link.SimulatedHost;
import java.util.ArrayDeque;

/// The stream between one gateway and one node, with what travels on it.
final class Wire {
    final SimulatedGateway gateway;
    final String node;
    private final Limits limits;
    private final ArrayDeque<GatewayMessage> up = new ArrayDeque<>();
    private final ArrayDeque<HostMessage> down = new ArrayDeque<>();
    private SimulatedHost.Stream stream;

    Wire(SimulatedGateway gateway, String node, Limits limits) {
        this.gateway = gateway;
        this.node = node;
        this.limits = limits;
    }

    boolean isUp() {
        return stream != null;
    }

    boolean isIdle() {
        return up.isEmpty() && down.isEmpty();
    }

    void send(GatewayMessage message) {
        if (isUp()) {
            up.add(message);
        }
    }

    void connect(SimulatedHost host) {
        stream = host.connect(down::add, () -> down.size() < limits.ready());
        up.add(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("gateway").setInitialCredit(limits.credit()))
                .build());
        gateway.onUp(node);
    }

    boolean stepUp() {
        var message = up.poll();
        if (message == null || stream == null) {
            return false;
        }
        stream.receive(message);
        return true;
    }

    boolean stepDown() {
        var message = down.poll();
        if (message == null) {
            return false;
        }
        boolean wasFull = down.size() + 1 >= limits.ready();
        gateway.onMessage(node, message);
        if (wasFull && stream != null) {
            stream.writable();
        }
        return true;
    }

    /// The stream breaks; what the host had said may arrive before the gateway notices.
    void cut(int stillArriving, boolean gatewayDied) {
        if (stream == null) {
            return;
        }
        var broken = stream;
        stream = null;
        up.clear();
        if (!gatewayDied) {
            for (int i = 0; i < stillArriving && !down.isEmpty(); i++) {
                gateway.onMessage(node, down.poll());
            }
            up.clear();
        }
        down.clear();
        broken.broken();
        down.clear();
        if (!gatewayDied) {
            gateway.onDown(node);
        }
    }
}
