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
final class Gateways implements SimulatedGateway.Network {
    static final int COUNT = 3;

    private final WholePath path;
    private final Random random;
    private final Set<Planted> planted;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final TreeMap<String, Wire> wires = new TreeMap<>();
    /// Those that never hear of a change of the map again.
    private final boolean[] deaf = new boolean[COUNT];

    Gateways(WholePath path, Random random, Set<Planted> planted) {
        this.path = path;
        this.random = random;
        this.planted = planted;
        for (int i = 0; i < COUNT; i++) {
            gateways.add(gateway());
            hearMap(i);
        }
    }

    private SimulatedGateway gateway() {
        return new SimulatedGateway(this, random, path::nanos, !planted.contains(Planted.NO_SEQUENCE_CHECK));
    }

    SimulatedGateway at(int index) {
        return gateways.get(index);
    }

    Wire wire(SimulatedGateway gateway, String node) {
        return wires.computeIfAbsent(name(gateway) + node, key -> new Wire(gateway, node, path.limits));
    }

    // A gateway under construction is the one that comes next.
    private String name(SimulatedGateway gateway) {
        int index = gateways.indexOf(gateway);
        return "g" + (index < 0 ? gateways.size() : index) + "-";
    }

    Collection<Wire> wires() {
        return wires.values();
    }

    @Override
    public void wanted(SimulatedGateway gateway, String address) {
        wire(gateway, address);
    }

    @Override
    public void send(SimulatedGateway gateway, String address, GatewayMessage message) {
        wire(gateway, address).send(message);
    }

    // ---- the map

    boolean isDeaf(int index) {
        return deaf[index];
    }

    void deafen(int index) {
        deaf[index] = true;
    }

    /// One of them hears of changes, most often one whose map is not to be old.
    void someoneHears() {
        int index = random.nextInt(COUNT);
        if (!path.limits.staleMaps() || index == 0 || random.nextInt(8) == 0) {
            hearMap(index);
        }
    }

    /// Tells one of them the map as it is.
    void hearMap(int index) {
        if (deaf[index]) {
            return;
        }
        path.shards.owners.forEach((shard, owner) -> {
            if (shard.kind() == ShardId.Kind.SESSION) {
                gateways.get(index).owner(shard.index(), owner.incarnation().node, owner.epoch());
            }
        });
        gateways.get(index).mapChanged();
    }

    // ---- what happens to them

    void runTimers() {
        gateways.get(random.nextInt(COUNT)).runTimers();
    }

    void crash(int index) {
        path.ledger.count("gateway crashes");
        path.connections.gatewayDied(index);
        String prefix = "g" + index + "-";
        for (var wire : List.copyOf(wires.values())) {
            if (wire.gateway == gateways.get(index)) {
                wire.cut(0, true);
            }
        }
        wires.keySet().removeIf(key -> key.startsWith(prefix));
        gateways.set(index, gateway());
        hearMap(index);
    }

    /// A node dies; what it had said may still arrive.
    void nodeDies(String node) {
        for (var wire : List.copyOf(wires.values())) {
            if (wire.node.equals(node)) {
                wire.cut(random.nextInt(5), false);
            }
        }
    }

    /// Some messages on one stream arrive.
    void stepWire() {
        if (!wires.isEmpty()) {
            var wire = path.any(wires.values());
            if (!wire.isUp()) {
                if (random.nextInt(3) == 0) {
                    connect(wire);
                }
                return;
            }
            for (int i = random.nextInt(7); i > 0; i--) {
                wire.stepUp();
            }
            for (int i = random.nextInt(7); i > 0; i--) {
                wire.stepDown();
            }
        }
    }

    /// Begins a stream, if its node is there.
    void connect(Wire wire) {
        if (path.shards.isUp(wire.node)) {
            wire.connect(path.shards.host(wire));
        }
    }
}
