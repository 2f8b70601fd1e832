package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.delivery.InMemoryPresenceView;
import dev.guildcast.fanout.shard.FanoutMachines;
import dev.guildcast.session.link.SimulatedHost;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.RecordCodec;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.Records;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.SimulatedShard;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The nodes, the shards' processes on them, and whoever places these.
final class Shards {
    private static final int FETCH_MILLIS = 2_000;

    /// Who owns a shard, as the coordinator has it.
    record Owner(Incarnation incarnation, long epoch) {}

    private final WholePath world;
    private final Random random;
    private final Limits limits;
    private final MemoryInstallation installation;
    private final Set<Planted> planted;
    private final FanoutMachines machines;
    private final ShardCounters counters;
    private final TreeMap<String, SimulatedHost> hosts = new TreeMap<>();
    private final Set<String> down = new TreeSet<>();
    private final Map<ShardId, Incarnation> followers = new HashMap<>();
    private final Map<ShardId, CheckpointAudit<?>> audits = new TreeMap<>();
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    final TreeMap<ShardId, Owner> owners = new TreeMap<>();
    /// Those that run, or whose sends are still on their way.
    final List<Incarnation> all = new ArrayList<>();
    /// Logs that take and give nothing.
    final Set<ShardId> stalled = new TreeSet<>();
    /// Logs that give, and take nothing before a time.
    final Map<ShardId, Long> fullUntil = new TreeMap<>();
    private long nonces;
    private long secrets = 1;

    Shards(WholePath world, Random random, Limits limits, MemoryInstallation installation, Set<Planted> planted) {
        this.world = world;
        this.random = random;
        this.limits = limits;
        this.installation = installation;
        this.planted = planted;
        this.machines = FanoutMachines.of(limits.topology(), () -> Instant.ofEpochMilli(world.wallMillis()));
        this.counters = new ShardCounters() {
            @Override
            public void onRepeat() {
                world.ledger.count("repeats");
            }

            @Override
            public void onGap() {
                world.ledger.count("gaps");
            }

            @Override
            public void onDeadLetter() {
                world.ledger.count("dead letters");
            }

            @Override
            public void onEphemeralDropped() {
                world.ledger.count("ephemeral dropped");
            }

            @Override
            public void onCheckpoint() {
                world.ledger.count("checkpoints");
            }
        };
        for (var node : List.of("s0", "s1", "s2")) {
            hosts.put(node, host(node));
        }
        for (var shard : limits.topology().shards()) {
            audits.put(shard, newAudit(shard));
            assign(shard);
        }
    }

    private SimulatedHost host(String node) {
        return new SimulatedHost(
                node,
                limits.topology(),
                limits.session(),
                limits.resume(),
                this::offerRead,
                () -> secrets++,
                world::nanos);
    }

    private LogPayloadReader.Offer offerRead(
            int shard, long[] offsets, java.util.function.Consumer<LogPayloadReader.Reading> reply) {
        if (reads.size() > 3) {
            return LogPayloadReader.Offer.FULL;
        }
        boolean fails = random.nextInt(20) == 0;
        reads.add(() -> {
            world.ledger.count("reads");
            if (fails) {
                reply.accept(new LogPayloadReader.Reading.Failed());
                return;
            }
            var found = new HashMap<Long, LoggedRecord>();
            int some = 1 + random.nextInt(offsets.length);
            for (int i = 0; i < some; i++) {
                var entry = installation.log(ShardId.session(shard)).at(offsets[i]);
                found.put(offsets[i], new LoggedRecord(SessionReading.parse(entry.record()), entry.timestampMillis()));
            }
            reply.accept(new LogPayloadReader.Reading.Records(found));
        });
        return LogPayloadReader.Offer.ACCEPTED;
    }

    boolean answerRead() {
        var read = reads.poll();
        if (read == null) {
            return false;
        }
        read.run();
        return true;
    }

    /// Whether records can be appended to this log.
    boolean takes(ShardId shard) {
        return !stalled.contains(shard) && fullUntil.getOrDefault(shard, 0L) <= world.nanos();
    }

    /// What a checkpoint of this shard is held against.
    CheckpointAudit<?> audit(ShardId shard) {
        var audit = audits.get(shard);
        if (audit == null) {
            throw new IllegalArgumentException("no audit of " + shard);
        }
        return audit;
    }

    boolean isUp(String node) {
        return !down.contains(node);
    }

    SimulatedHost host(Wire wire) {
        return hosts.get(wire.node);
    }

    // ---- making processes

    private CheckpointAudit<?> newAudit(ShardId shard) {
        // What is told apart from its own record must lack the same protections, or it would be noticed for a wrong
        // reason; only what concerns checkpoints themselves must be right.
        var without = new HashSet<>(planted);
        without.remove(Planted.CHECKPOINT_BY_DIFFERENCE);
        return switch (shard.kind()) {
            case GUILD ->
                new CheckpointAudit<>(
                        shard, definition(Records.GUILD, machines.guildShard(shard, presences()), idle(), without));
            case USER -> new CheckpointAudit<>(shard, definition(Records.USER, machines.userShard(), idle(), without));
            case SESSION ->
                new CheckpointAudit<>(shard, definition(Records.SESSION, sessionShard(shard), idle(), without));
        };
    }

    private static InMemoryPresenceView presences() {
        return new InMemoryPresenceView(100);
    }

    private SessionShard sessionShard(ShardId shard) {
        return new SessionShard(
                shard,
                limits.topology(),
                limits.resume().window(),
                limits.resume().ringMax());
    }

    private static <R> ShardListener<R> idle() {
        return new ShardListener<>() {};
    }

    private <R> ShardDefinition<R> definition(
            RecordCodec<R> codec, ShardMachine<R> machine, ShardListener<R> listener, Set<Planted> without) {
        return new ShardDefinition<>(
                planted.contains(Planted.MARK_NOT_ADVANCED_AT_A_THROW) ? new RefusingCodec<>(codec) : codec,
                new Throwing<>(machine, limits.topology(), without),
                listener,
                machine instanceof dev.guildcast.fanout.shard.GuildShard);
    }

    /// A process of the shard on some node that has none of it; null if there is no such node.
    @Nullable
    Incarnation create(ShardId shard) {
        var nodes = new ArrayList<>(shard.kind() == ShardId.Kind.SESSION ? hosts.keySet() : List.of("f0", "f1", "f2"));
        nodes.removeIf(node -> down.contains(node)
                || all.stream().anyMatch(each -> each.running() && each.shard.equals(shard) && each.node.equals(node)));
        if (nodes.isEmpty()) {
            return null;
        }
        String node = nodes.get(random.nextInt(nodes.size()));
        var made = switch (shard.kind()) {
            case GUILD -> {
                var machine = machines.guildShard(shard, presences());
                var one = new Incarnation(shard, node, machine);
                ShardListener<GuildRecord> listener = one.listener(idle(), (by, record, at) -> {}, planted);
                one.process(start(shard, definition(Records.GUILD, machine, listener, planted)));
                yield one;
            }
            case USER -> {
                var machine = machines.userShard();
                var one = new Incarnation(shard, node, machine);
                ShardListener<UserRecord> listener = one.listener(idle(), (by, record, at) -> {}, planted);
                one.process(start(shard, definition(Records.USER, machine, listener, planted)));
                yield one;
            }
            case SESSION -> {
                var machine = sessionShard(shard);
                var one = new Incarnation(shard, node, machine);
                var listener = one.listener(hosts.get(node).listener(machine), this::applied, planted);
                one.process(start(shard, definition(Records.SESSION, machine, listener, planted)));
                yield one;
            }
        };
        all.add(made);
        return made;
    }

    private void applied(Incarnation by, Object record, RecordContext at) {
        var session = (SessionRecord) record;
        world.ledger.applied((SessionShard) by.machine, session, at);
        if (session.hasClose()) {
            world.connections.closed(by, session.getClose());
        }
    }

    private <R> SimulatedShard<R> start(ShardId shard, ShardDefinition<R> definition) {
        return new SimulatedShard<>(
                installation, shard, ++nonces, definition, limits.settings(), counters, world::nanos);
    }

    // ---- placing them

    void assign(ShardId shard) {
        var before = owners.get(shard);
        long epoch = before == null ? 1 : before.epoch + 1;
        var follower = followers.remove(shard);
        if (follower == null || !follower.running() || follower.cutUntil > world.nanos()) {
            follower = create(shard);
        }
        if (follower == null) {
            releaseOneOutOfReach(shard);
            follower = create(shard);
        }
        if (follower != null) {
            owners.put(shard, new Owner(follower, epoch));
            follower.process().claim(epoch);
        }
    }

    private void releaseOneOutOfReach(ShardId shard) {
        for (var each : all) {
            if (each.running() && each.shard.equals(shard) && each.cutUntil > world.nanos()) {
                each.release();
                return;
            }
        }
    }

    /// Two coordinators believe that they lead: a second process is told the same epoch.
    void splitBrain(ShardId shard) {
        assign(shard);
        var owner = owners.get(shard);
        var other = create(shard);
        if (owner != null && other != null) {
            world.ledger.count("split brains");
            other.process().claim(owner.epoch);
            if (random.nextBoolean()) {
                owners.put(shard, new Owner(other, owner.epoch));
            }
        }
    }

    void followOrHandOver(ShardId shard) {
        var follower = followers.get(shard);
        if (follower != null && follower.running()) {
            world.ledger.count("hand-overs");
            assign(shard);
        } else {
            follow(shard);
        }
    }

    /// Some process follows the shard's log, if there is a node for it.
    void follow(ShardId shard) {
        var follower = followers.get(shard);
        if (follower == null || !follower.running()) {
            var made = create(shard);
            if (made != null) {
                followers.put(shard, made);
            }
        }
    }

    /// The coordinator notices who is gone, or has been cut off for longer than it trusts.
    void detect() {
        for (var shard : List.copyOf(owners.keySet())) {
            var owner = owners.get(shard).incarnation;
            if (!owner.running() || owner.cutUntil > world.nanos() + FETCH_MILLIS * 1_000_000L) {
                assign(shard);
            }
        }
        for (var shard : limits.topology().shards()) {
            if (!owners.containsKey(shard)) {
                assign(shard);
            }
        }
        all.removeIf(each -> !each.running() && each.process().targets().isEmpty());
    }

    void crashNode(String node) {
        down.add(node);
        for (var each : all) {
            if (each.node.equals(node) && each.running()) {
                each.process().crash(target -> random.nextInt(4));
                each.inbox.clear();
            }
        }
        if (hosts.containsKey(node)) {
            hosts.put(node, host(node));
        }
        world.ledger.count("node crashes");
    }

    Set<String> nodesUp(ShardId.Kind kind) {
        var up = new TreeSet<>(kind == ShardId.Kind.SESSION ? hosts.keySet() : Set.of("f0", "f1", "f2"));
        up.removeAll(down);
        return up;
    }

    ShardId.Kind kindOf(String node) {
        return hosts.containsKey(node) ? ShardId.Kind.SESSION : ShardId.Kind.GUILD;
    }

    void heal() {
        down.clear();
    }
}
