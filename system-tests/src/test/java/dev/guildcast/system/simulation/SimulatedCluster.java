package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.RecordCodec;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.SimulatedShard;
import dev.guildcast.shard.process.IncarnationId;
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

/// The nodes, the shard processes on them, and the coordinator that places them.
final class SimulatedCluster {
    /// The longest cut that the coordinator tolerates.
    private static final int FETCH_MILLIS = 2_000;

    /// The owner of a shard according to the coordinator.
    record Owner(ShardIncarnation incarnation, long epoch) {}

    private final DeliverySimulation simulation;
    private final Random random;
    private final SimulationConfig config;
    private final MemoryInstallation installation;
    private final Set<InjectedBug> bugs;
    private final FanoutMachineFactory machines;
    private final ShardCounters counters;
    private final TreeMap<String, SimulatedHost> hosts = new TreeMap<>();
    private final Set<String> crashedNodes = new TreeSet<>();
    private final Map<ShardId, ShardIncarnation> followers = new HashMap<>();
    private final Map<ShardId, CheckpointVerifier<?>> verifiers = new TreeMap<>();
    private final ArrayDeque<Runnable> pendingReads = new ArrayDeque<>();
    final TreeMap<ShardId, Owner> owners = new TreeMap<>();
    /// Incarnations that run, or whose sends are still in flight.
    final List<ShardIncarnation> incarnations = new ArrayList<>();
    /// Logs that can be neither appended to nor read.
    final Set<ShardId> stalled = new TreeSet<>();
    /// Logs that can be read, but not appended to before a time.
    final Map<ShardId, Long> fullUntil = new TreeMap<>();
    private long lastNonce;
    private long nextSecret = 1;

    SimulatedCluster(
            DeliverySimulation simulation,
            Random random,
            SimulationConfig config,
            MemoryInstallation installation,
            Set<InjectedBug> bugs) {
        this.simulation = simulation;
        this.random = random;
        this.config = config;
        this.installation = installation;
        this.bugs = bugs;
        this.machines = FanoutMachineFactory.of(config.topology(), () -> Instant.ofEpochMilli(simulation.wallMillis()));
        this.counters = new ShardCounters() {
            @Override
            public void onDuplicate() {
                simulation.invariants.count("repeats");
            }

            @Override
            public void onGap() {
                simulation.invariants.count("gaps");
            }

            @Override
            public void onDeadLetter() {
                simulation.invariants.count("dead letters");
            }

            @Override
            public void onEphemeralDropped() {
                simulation.invariants.count("ephemeral dropped");
            }

            @Override
            public void onCheckpoint() {
                simulation.invariants.count("checkpoints");
            }
        };
        for (var node : List.of("s0", "s1", "s2")) {
            hosts.put(node, host(node));
        }
        for (var shard : config.topology().shards()) {
            verifiers.put(shard, newVerifier(shard));
            assign(shard);
        }
    }

    private SimulatedHost host(String node) {
        return new SimulatedHost(node, config, this::offerRead, () -> nextSecret++, simulation::nanoTime);
    }

    private LogPayloadReader.Offer offerRead(
            int shard, long[] offsets, java.util.function.Consumer<LogPayloadReader.ReadResult> reply) {
        if (pendingReads.size() > 3) {
            return LogPayloadReader.Offer.FULL;
        }
        boolean fails = random.nextInt(20) == 0;
        pendingReads.add(() -> {
            simulation.invariants.count("reads");
            if (fails) {
                reply.accept(new LogPayloadReader.ReadResult.Failed());
                return;
            }
            var found = new HashMap<Long, LoggedRecord>();
            int some = 1 + random.nextInt(offsets.length);
            for (int i = 0; i < some; i++) {
                var entry = installation.log(ShardId.session(shard)).at(offsets[i]);
                found.put(
                        offsets[i], new LoggedRecord(SessionLogOracle.parse(entry.record()), entry.timestampMillis()));
            }
            reply.accept(new LogPayloadReader.ReadResult.Records(found));
        });
        return LogPayloadReader.Offer.ACCEPTED;
    }

    boolean completeRead() {
        var read = pendingReads.poll();
        if (read == null) {
            return false;
        }
        read.run();
        return true;
    }

    /// Whether records can be appended to this log.
    boolean accepts(ShardId shard) {
        return !stalled.contains(shard) && fullUntil.getOrDefault(shard, 0L) <= simulation.nanoTime();
    }

    /// The verifier of this shard's checkpoints.
    CheckpointVerifier<?> verifier(ShardId shard) {
        var verifier = verifiers.get(shard);
        if (verifier == null) {
            throw new IllegalArgumentException("no audit of " + shard);
        }
        return verifier;
    }

    boolean isUp(String node) {
        return !crashedNodes.contains(node);
    }

    SimulatedHost host(SimulatedStream stream) {
        return hosts.get(stream.node);
    }

    void endSilentStreams() {
        hosts.values().forEach(SimulatedHost::endSilentStreams);
    }

    // ---- creating processes

    private CheckpointVerifier<?> newVerifier(ShardId shard) {
        // The verifier must have the same bugs as the verified process, or they would be detected for the wrong reason;
        // only the writing of checkpoints itself must be correct.
        var machineBugs = new HashSet<>(bugs);
        machineBugs.remove(InjectedBug.CHECKPOINT_BY_DIFFERENCE);
        return switch (shard.kind()) {
            case GUILD ->
                new CheckpointVerifier<>(
                        shard,
                        definition(
                                RecordCodecs.GUILD,
                                machines.guildShard(shard, presenceView()),
                                noListener(),
                                machineBugs));
            case USER ->
                new CheckpointVerifier<>(
                        shard, definition(RecordCodecs.USER, machines.userShard(), noListener(), machineBugs));
            case SESSION ->
                new CheckpointVerifier<>(
                        shard, definition(RecordCodecs.SESSION, sessionShard(shard), noListener(), machineBugs));
        };
    }

    private static InMemoryPresenceCache presenceView() {
        return new InMemoryPresenceCache(100);
    }

    private SessionShard sessionShard(ShardId shard) {
        return new SessionShard(
                shard,
                config.topology(),
                config.resume().window(),
                config.resume().ringMax());
    }

    private static <R, A> ShardListener<R, A> noListener() {
        return new ShardListener<>() {};
    }

    private <R, A> ShardDefinition<R, A> definition(
            RecordCodec<R> codec,
            ShardMachine<R, A> machine,
            ShardListener<R, A> listener,
            Set<InjectedBug> machineBugs) {
        return new ShardDefinition<>(
                bugs.contains(InjectedBug.POSITION_NOT_ADVANCED_ON_FAILURE) ? new PoisonRejectingCodec<>(codec) : codec,
                new FaultyMachine<>(machine, config.topology(), machineBugs),
                listener,
                machine instanceof dev.guildcast.fanout.shard.GuildShard);
    }

    /// Creates a process of the shard on a node that has none of it; null if there is no such node.
    @Nullable
    ShardIncarnation create(ShardId shard) {
        var nodes = new ArrayList<>(shard.kind() == ShardId.Kind.SESSION ? hosts.keySet() : List.of("f0", "f1", "f2"));
        nodes.removeIf(node -> crashedNodes.contains(node)
                || incarnations.stream()
                        .anyMatch(each -> each.running() && each.shard.equals(shard) && each.node.equals(node)));
        if (nodes.isEmpty()) {
            return null;
        }
        String node = nodes.get(random.nextInt(nodes.size()));
        var created = switch (shard.kind()) {
            case GUILD -> {
                var machine = machines.guildShard(shard, presenceView());
                var incarnation = new ShardIncarnation(shard, node, machine);
                ShardListener<GuildRecord, NoResult> listener =
                        incarnation.listener(noListener(), (by, record, context, applied) -> {}, bugs);
                incarnation.process(start(shard, definition(RecordCodecs.GUILD, machine, listener, bugs)));
                yield incarnation;
            }
            case USER -> {
                var machine = machines.userShard();
                var incarnation = new ShardIncarnation(shard, node, machine);
                ShardListener<UserRecord, NoResult> listener =
                        incarnation.listener(noListener(), (by, record, context, applied) -> {}, bugs);
                incarnation.process(start(shard, definition(RecordCodecs.USER, machine, listener, bugs)));
                yield incarnation;
            }
            case SESSION -> {
                var machine = sessionShard(shard);
                var incarnation = new ShardIncarnation(shard, node, machine);
                var listener = incarnation.listener(hosts.get(node).listener(machine), this::onApplied, bugs);
                incarnation.process(start(shard, definition(RecordCodecs.SESSION, machine, listener, bugs)));
                yield incarnation;
            }
        };
        incarnations.add(created);
        return created;
    }

    private void onApplied(ShardIncarnation by, SessionRecord record, RecordContext context, Applied applied) {
        simulation.invariants.onApplied(context, applied);
        if (applied.change() instanceof SessionChange.Closed closed && closed.session() != null) {
            simulation.clientDriver.onClosed(
                    by, closed.session(), closed.close().getReason());
        }
    }

    private <R> SimulatedShard<R> start(ShardId shard, ShardDefinition<R, ?> definition) {
        return new SimulatedShard<>(
                installation,
                new IncarnationId(shard, ++lastNonce, "simulated"),
                definition,
                config.shardSettings(),
                counters,
                simulation::nanoTime);
    }

    // ---- placing them

    void assign(ShardId shard) {
        var before = owners.get(shard);
        long epoch = before == null ? 1 : before.epoch + 1;
        var follower = followers.remove(shard);
        if (follower == null || !follower.running() || follower.cutUntil > simulation.nanoTime()) {
            follower = create(shard);
        }
        if (follower == null) {
            releaseUnreachable(shard);
            follower = create(shard);
        }
        if (follower != null) {
            owners.put(shard, new Owner(follower, epoch));
            follower.process().claim(epoch);
        }
    }

    private void releaseUnreachable(ShardId shard) {
        for (var each : incarnations) {
            if (each.running() && each.shard.equals(shard) && each.cutUntil > simulation.nanoTime()) {
                each.release();
                return;
            }
        }
    }

    /// Two coordinators consider themselves leader: a second process claims the same epoch.
    void splitBrain(ShardId shard) {
        assign(shard);
        var owner = owners.get(shard);
        var other = create(shard);
        if (owner != null && other != null) {
            simulation.invariants.count("split brains");
            other.process().claim(owner.epoch);
            if (random.nextBoolean()) {
                owners.put(shard, new Owner(other, owner.epoch));
            }
        }
    }

    void followOrHandOver(ShardId shard) {
        var follower = followers.get(shard);
        if (follower != null && follower.running()) {
            simulation.invariants.count("hand-overs");
            assign(shard);
        } else {
            follow(shard);
        }
    }

    /// Some process follows the shard's log, if there is a node for it.
    void follow(ShardId shard) {
        var follower = followers.get(shard);
        if (follower == null || !follower.running()) {
            var created = create(shard);
            if (created != null) {
                followers.put(shard, created);
            }
        }
    }

    /// The coordinator detects owners that have ended, or have been unreachable for longer than it tolerates.
    void detect() {
        for (var shard : List.copyOf(owners.keySet())) {
            var owner = owners.get(shard).incarnation;
            if (!owner.running() || owner.cutUntil > simulation.nanoTime() + FETCH_MILLIS * 1_000_000L) {
                assign(shard);
            }
        }
        for (var shard : config.topology().shards()) {
            if (!owners.containsKey(shard)) {
                assign(shard);
            }
        }
        incarnations.removeIf(
                each -> !each.running() && each.process().targets().isEmpty());
    }

    void crashNode(String node) {
        crashedNodes.add(node);
        for (var each : incarnations) {
            if (each.node.equals(node) && each.running()) {
                each.process().crash(target -> random.nextInt(4));
                each.inbox.clear();
            }
        }
        if (hosts.containsKey(node)) {
            hosts.put(node, host(node));
        }
        simulation.invariants.count("node crashes");
    }

    Set<String> nodesUp(ShardId.Kind kind) {
        var up = new TreeSet<>(kind == ShardId.Kind.SESSION ? hosts.keySet() : Set.of("f0", "f1", "f2"));
        up.removeAll(crashedNodes);
        return up;
    }

    ShardId.Kind kindOf(String node) {
        return hosts.containsKey(node) ? ShardId.Kind.SESSION : ShardId.Kind.GUILD;
    }

    void restartNodes() {
        crashedNodes.clear();
    }
}
