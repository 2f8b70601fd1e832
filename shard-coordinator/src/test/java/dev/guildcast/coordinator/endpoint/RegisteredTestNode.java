package dev.guildcast.coordinator.endpoint;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcNodeRegistration;
import dev.guildcast.shard.coordination.NodeRegistration;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node with a real registration that executes every directive at once.
final class RegisteredTestNode implements NodeRegistration.Directives, AutoCloseable {
    final String id;
    final List<String> rejections = new CopyOnWriteArrayList<>();
    private final Map<ShardId, ShardReport> held = new TreeMap<>();
    private final List<String> directives = new CopyOnWriteArrayList<>();
    private final GrpcNodeRegistration registration;

    RegisteredTestNode(String id, String targets, Topology topology, String prefix, ShardId.Kind... kinds) {
        this(
                id,
                targets,
                topology,
                prefix,
                kinds[0] == ShardId.Kind.SESSION ? PeerRole.SESSION : PeerRole.FANOUT,
                kinds);
    }

    /// @param role of the caller
    RegisteredTestNode(
            String id, String targets, Topology topology, String prefix, PeerRole role, ShardId.Kind... kinds) {
        this.id = id;
        var hello = NodeHello.newBuilder()
                .setNodeId(id)
                .setAddress(id + ".test:1")
                .setTopology(dev.guildcast.shard.v1.Topology.newBuilder()
                        .setGuildShards(topology.guildShards())
                        .setDedicatedShards(topology.dedicatedShards())
                        .setUserShards(topology.userShards())
                        .setSessionShards(topology.sessionShards())
                        .setPrefix(prefix));
        for (var kind : kinds) {
            hello.addKinds(new ShardId(kind, 0).protoKind());
        }
        registration = new GrpcNodeRegistration(
                CoordinatorTargets.parse(targets),
                new CoordinationTimes(Duration.ofMillis(500), Duration.ofMillis(20), Duration.ofMillis(200)),
                TestIdentity.of(role),
                hello.build(),
                rejections::add);
    }

    RegisteredTestNode start() {
        registration.start(this, this::reports);
        return this;
    }

    void leave() {
        registration.leave();
    }

    /// The received directives, such as `claim session-2 5`.
    List<String> directives() {
        return List.copyOf(directives);
    }

    synchronized Map<ShardId, Long> live() {
        var live = new TreeMap<ShardId, Long>();
        held.forEach((shard, report) -> {
            if (report.getRole() == Role.LIVE) {
                live.put(shard, report.getEpoch());
            }
        });
        return live;
    }

    /// The shard stops by itself, as after a failed send.
    synchronized void fail(ShardId shard) {
        Optional.ofNullable(held.get(shard)).ifPresent(report -> {
            held.put(shard, report.toBuilder().setRole(Role.STOPPED).build());
            registration.reportSoon();
        });
    }

    private synchronized List<ShardReport> reports() {
        var reports = new ArrayList<>(held.values());
        held.values().removeIf(report -> report.getRole() == Role.STOPPED);
        return reports;
    }

    private synchronized void hold(ShardId shard, Role role, long epoch) {
        held.put(
                shard,
                ShardReport.newBuilder()
                        .setShard(shard.toRef())
                        .setRole(role)
                        .setEpoch(epoch)
                        .build());
        registration.reportSoon();
    }

    @Override
    public void follow(ShardId shard) {
        directives.add("follow " + shard);
        hold(shard, Role.FOLLOWING, 0);
    }

    @Override
    public void claim(ShardId shard, long epoch) {
        directives.add("claim " + shard + " " + epoch);
        hold(shard, Role.LIVE, epoch);
    }

    @Override
    public synchronized void release(ShardId shard) {
        directives.add("release " + shard);
        if (held.remove(shard) != null) {
            registration.reportSoon();
        }
    }

    @Override
    public void close() {
        registration.close();
    }
}
