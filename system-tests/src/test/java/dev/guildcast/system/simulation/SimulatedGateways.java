package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.gateway.link.SimulatedGateway;
import dev.guildcast.link.v1.GatewayMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// The gateways, their maps, and the streams between them and the nodes.
final class SimulatedGateways implements SimulatedGateway.Network {
    /// One that is always up to date, and two whose maps may be stale.
    static final int COUNT = 3;

    /// The deadline of 3.5 s.
    private static final long SILENCE_NANOS_MAX = 3_500_000_000L;

    private final DeliverySimulation simulation;
    private final Random random;
    private final Set<InjectedBug> bugs;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final TreeMap<String, SimulatedStream> streams = new TreeMap<>();
    /// The gateways whose shard map is never updated again.
    private final boolean[] frozenMaps = new boolean[COUNT];

    SimulatedGateways(DeliverySimulation simulation, Random random, Set<InjectedBug> bugs) {
        this.simulation = simulation;
        this.random = random;
        this.bugs = bugs;
        for (int i = 0; i < COUNT; i++) {
            gateways.add(newGateway());
            updateMap(i);
        }
    }

    private SimulatedGateway newGateway() {
        var gateway =
                new SimulatedGateway(this, random, simulation::nanoTime, !bugs.contains(InjectedBug.NO_SEQUENCE_CHECK));
        if (simulation.pathsSwallow) {
            gateway.sendPings(!bugs.contains(InjectedBug.SILENCE_IGNORED));
        }
        return gateway;
    }

    SimulatedGateway at(int index) {
        return gateways.get(index);
    }

    SimulatedStream stream(SimulatedGateway gateway, String node) {
        return streams.computeIfAbsent(
                name(gateway) + node,
                key -> new SimulatedStream(
                        gateway,
                        node,
                        simulation.config,
                        simulation::nanoTime,
                        simulation.pathsSwallow ? SimulatedGateway.HOLD_MILLIS : 0));
    }

    // A gateway under construction is not in the list yet.
    private String name(SimulatedGateway gateway) {
        int index = gateways.indexOf(gateway);
        return "g" + (index < 0 ? gateways.size() : index) + "-";
    }

    Collection<SimulatedStream> streams() {
        return streams.values();
    }

    @Override
    public void connectRequested(SimulatedGateway gateway, String address) {
        stream(gateway, address);
    }

    @Override
    public void send(SimulatedGateway gateway, String address, GatewayMessage message) {
        stream(gateway, address).send(message);
    }

    @Override
    public void abandon(SimulatedGateway gateway, String address) {
        simulation.invariants.count("streams given up");
        stream(gateway, address).abandon();
    }

    /// Every gateway checks its streams; none may keep one on which nothing arrives.
    void checkStreams() {
        for (var gateway : gateways) {
            gateway.checkStreams();
            long silence = gateway.longestSilenceNanos();
            if (silence > SILENCE_NANOS_MAX) {
                throw new InvariantViolation(
                        "a gateway keeps a stream that has been silent for " + silence / 1_000_000 + " ms");
            }
        }
    }

    // ---- the shard map

    boolean hasFrozenMap(int index) {
        return frozenMaps[index];
    }

    void freezeMap(int index) {
        frozenMaps[index] = true;
    }

    /// Updates the map of one gateway, mostly of one whose map is not kept stale.
    void updateSomeMap() {
        int index = random.nextInt(COUNT);
        if (!simulation.config.staleMaps() || index == 0 || random.nextInt(8) == 0) {
            updateMap(index);
        }
    }

    /// Updates the map of one gateway.
    void updateMap(int index) {
        if (frozenMaps[index]) {
            return;
        }
        simulation.cluster.owners.forEach((shard, owner) -> {
            if (shard.kind() == ShardId.Kind.SESSION) {
                gateways.get(index).owner(shard.index(), owner.incarnation().node, owner.epoch());
            }
        });
        gateways.get(index).mapChanged();
    }

    // ---- events

    void runTimers() {
        gateways.get(random.nextInt(COUNT)).runTimers();
    }

    void crash(int index) {
        simulation.invariants.count("gateway crashes");
        simulation.clientDriver.onGatewayCrash(index);
        String prefix = "g" + index + "-";
        for (var stream : List.copyOf(streams.values())) {
            if (stream.gateway == gateways.get(index)) {
                stream.cut(0, true);
            }
        }
        streams.keySet().removeIf(key -> key.startsWith(prefix));
        gateways.set(index, newGateway());
        updateMap(index);
    }

    /// A node crashes; messages it has sent may still arrive.
    void onNodeCrash(String node) {
        for (var stream : List.copyOf(streams.values())) {
            if (stream.node.equals(node)) {
                stream.cut(random.nextInt(5), false);
            }
        }
    }

    /// Delivers some messages on one stream.
    void stepStream() {
        if (!streams.isEmpty()) {
            var stream = simulation.pick(streams.values());
            if (!stream.isUp()) {
                if (random.nextInt(3) == 0) {
                    connect(stream);
                }
                return;
            }
            for (int i = random.nextInt(7); i > 0; i--) {
                stream.deliverToHost();
            }
            for (int i = random.nextInt(7); i > 0; i--) {
                stream.deliverToGateway();
            }
        }
    }

    /// Opens a stream if its node is up.
    void connect(SimulatedStream stream) {
        if (simulation.cluster.isUp(stream.node) && stream.canConnect()) {
            stream.connect(simulation.cluster.host(stream));
        }
    }
}
