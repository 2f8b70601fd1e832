package dev.guildcast.system.simulation;

import dev.guildcast.gateway.link.SimulatedGateway;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The gRPC stream between one gateway and one node, with the messages in flight.
final class SimulatedStream {
    final SimulatedGateway gateway;
    final String node;
    private final SimulationConfig config;
    private final LongSupplier nanoTime;
    private final int holdMillis;
    private final ArrayDeque<GatewayMessage> toHost = new ArrayDeque<>();
    private ArrayDeque<HostMessage> toGateway = new ArrayDeque<>();
    private SimulatedHost.Stream hostStream;
    /// Streams that the gateway has given up while the host could not notice.
    private final List<Abandoned> abandoned = new ArrayList<>();

    private long toHostSwallowedUntil;
    private long toGatewaySwallowedFrom;
    private long toGatewaySwallowedUntil;

    private record Abandoned(SimulatedHost.Stream hostStream, ArrayDeque<GatewayMessage> toHost) {}

    /// @param holdMillis what the gateway states in its Hello
    SimulatedStream(
            SimulatedGateway gateway, String node, SimulationConfig config, LongSupplier nanoTime, int holdMillis) {
        this.gateway = gateway;
        this.node = node;
        this.config = config;
        this.nanoTime = nanoTime;
        this.holdMillis = holdMillis;
    }

    boolean isUp() {
        return hostStream != null;
    }

    /// Whether nothing is in flight, or what is will not arrive.
    boolean isIdle() {
        return toHost.isEmpty() && toGateway.isEmpty() || swallowsToHost() || swallowsToGateway();
    }

    // ---- the path

    /// Swallows everything to the host before a time, and to the gateway between two times; in nanoseconds, 0: not at
    /// all.
    void swallow(long toHostUntil, long toGatewayFrom, long toGatewayUntil) {
        toHostSwallowedUntil = toHostUntil;
        toGatewaySwallowedFrom = toGatewayFrom;
        toGatewaySwallowedUntil = toGatewayUntil;
    }

    private boolean swallowsToHost() {
        return toHostSwallowedUntil > nanoTime.getAsLong();
    }

    private boolean swallowsToGateway() {
        long now = nanoTime.getAsLong();
        return toGatewaySwallowedFrom <= now && now < toGatewaySwallowedUntil;
    }

    /// Whether a connection can be established: packets must pass both ways.
    boolean canConnect() {
        return !swallowsToHost() && !swallowsToGateway();
    }

    void send(GatewayMessage message) {
        if (isUp()) {
            toHost.add(message);
        }
    }

    void connect(SimulatedHost host) {
        var queue = new ArrayDeque<HostMessage>();
        toGateway = queue;
        toHost.clear();
        hostStream = host.connect(queue::add, () -> queue.size() < config.transportMessagesMax());
        toHost.add(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setGatewayId("gateway")
                        .setInitialCredit(config.creditBytes())
                        .setHoldMillis(holdMillis))
                .build());
        gateway.onUp(node);
    }

    boolean deliverToHost() {
        if (swallowsToHost()) {
            return false;
        }
        // What the gateway has sent before it gave up arrives before the reset.
        for (var each : abandoned) {
            each.toHost.forEach(each.hostStream::receive);
            each.hostStream.broken();
        }
        abandoned.clear();
        var message = toHost.poll();
        if (message == null || hostStream == null) {
            return false;
        }
        hostStream.receive(message);
        return true;
    }

    boolean deliverToGateway() {
        if (swallowsToGateway()) {
            return false;
        }
        var message = toGateway.poll();
        if (message == null) {
            return noticeEnd();
        }
        boolean wasFull = toGateway.size() + 1 >= config.transportMessagesMax();
        gateway.onMessage(node, message);
        if (wasFull && hostStream != null) {
            hostStream.writable();
        }
        return true;
    }

    /// The host has ended the stream, and the gateway notices.
    private boolean noticeEnd() {
        if (hostStream == null || !hostStream.isEnded()) {
            return false;
        }
        hostStream = null;
        toHost.clear();
        gateway.onDown(node);
        return true;
    }

    /// The gateway gives the stream up; the host notices when packets reach it again.
    void abandon() {
        if (hostStream != null) {
            abandoned.add(new Abandoned(hostStream, new ArrayDeque<>(toHost)));
            hostStream = null;
            toHost.clear();
            toGateway = new ArrayDeque<>();
        }
    }

    /// The stream breaks; messages of the host may arrive before the gateway notices.
    void cut(int stillArriving, boolean gatewayDied) {
        abandoned.forEach(each -> each.hostStream.broken());
        abandoned.clear();
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
