package dev.guildcast.shard.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.process.IncarnationId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Runs two stages through crashes, pauses, lost and duplicated sends and split brains, and compares what the second
/// stage received with what the input alone implies. `-Dguildcast.seed=N` repeats one run,
/// `-Dguildcast.seeds=N` runs more of them.
class TwoStageSimulationTest {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 2);
    private static final ShardSettings SETTINGS = new ShardSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            2_000,
            Duration.ofSeconds(2),
            Duration.ofMillis(400),
            4,
            1 << 20,
            Duration.ofMillis(250));

    @Test
    void deliversEverythingOnceInOrderThroughEveryFault() {
        long only = Long.getLong("guildcast.seed", -1);
        long seeds = Long.getLong("guildcast.seeds", 400);
        for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? seeds : only + 1); seed++) {
            try {
                new Run(seed).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private long nanos = 1;
        private final MemoryInstallation installation;
        private final List<SimulatedShard<?>> shards = new ArrayList<>();
        private final Map<ShardId, SimulatedShard<?>> owners = new TreeMap<>();
        private final Map<ShardId, Long> epochs = new HashMap<>();
        private final Map<SimulatedShard<?>, Object> machines = new HashMap<>();
        private final Map<SimulatedShard<?>, Long> pausedUntil = new HashMap<>();
        private final List<SimulatedShard<?>> dead = new ArrayList<>();
        private final boolean lossy;
        private long nonces;
        private int published;

        Run(long seed) {
            random = new Random(seed);
            lossy = random.nextBoolean();
            installation = new MemoryInstallation(TOPOLOGY, () -> nanos / 1_000_000);
        }

        void run() {
            TOPOLOGY.shards().stream()
                    .filter(shard -> shard.kind() != ShardId.Kind.USER)
                    .forEach(this::assign);
            for (int i = 0; i < 3_000; i++) {
                act();
            }
            settle();
            check();
        }

        private void act() {
            nanos += random.nextInt(20) * 1_000_000L;
            switch (random.nextInt(12)) {
                case 0 -> publish();
                case 1, 2, 3 -> {
                    var shard = any();
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        shard.applyOne();
                    }
                    shard.applyOneEphemeral();
                }
                case 4, 5 -> send();
                case 6 -> any().acknowledge();
                case 7 -> any().completeEndFetch();
                case 8 -> any().stepCheckpoint();
                case 9 -> any().tick();
                case 10 -> {
                    if (random.nextInt(12) == 0) {
                        fault();
                    }
                }
                default -> detect();
            }
        }

        private SimulatedShard<?> any() {
            var shard = shards.get(random.nextInt(shards.size()));
            return pausedUntil.getOrDefault(shard, 0L) > nanos ? owners.get(ShardId.guild(0)) : shard;
        }

        private void publish() {
            published++;
            var type = random.nextInt(30) == 0 ? RelayMachine.POISON : "EVENT";
            installation
                    .log(ShardId.guild(0))
                    .append(GuildRecord.newBuilder()
                            .setEvent(GuildEvent.newBuilder()
                                    .setGuildId(random.nextInt(3))
                                    .setType(type))
                            .build()
                            .toByteArray());
            if (random.nextInt(3) == 0) {
                installation
                        .ephemeral(ShardId.guild(0))
                        .append(GuildRecord.getDefaultInstance().toByteArray());
            }
        }

        private void send() {
            var pool = random.nextInt(4) == 0 && !dead.isEmpty() ? dead : shards;
            var shard = pool.get(random.nextInt(pool.size()));
            var targets = new ArrayList<>(shard.targets());
            if (targets.isEmpty()) {
                return;
            }
            targets.sort(null);
            var target = targets.get(random.nextInt(targets.size()));
            if (lossy && random.nextInt(200) == 0) {
                shard.lose(target);
            } else {
                shard.deliver(target, random.nextInt(30) == 0 ? 2 : 1);
            }
        }

        private void fault() {
            var ids = List.copyOf(owners.keySet());
            var id = ids.get(random.nextInt(ids.size()));
            var owner = owners.get(id);
            switch (random.nextInt(4)) {
                case 0 -> {
                    owner.crash(target -> random.nextInt(4));
                    shards.remove(owner);
                    dead.add(owner);
                    assign(id);
                }
                case 1 -> {
                    pausedUntil.put(owner, nanos + random.nextInt(8_000) * 1_000_000L);
                    if (random.nextBoolean()) {
                        assign(id);
                    }
                }
                case 2 -> assign(id);
                default -> {
                    var follower = create(id);
                    for (int i = random.nextInt(40); i > 0; i--) {
                        follower.applyOne();
                    }
                    if (random.nextBoolean()) {
                        claim(id, follower);
                    }
                }
            }
        }

        private void detect() {
            for (var id : List.copyOf(owners.keySet())) {
                if (!owners.get(id).running()) {
                    assign(id);
                }
            }
            shards.removeIf(shard -> !shard.running() && shard.targets().isEmpty());
        }

        private void assign(ShardId id) {
            claim(id, create(id));
        }

        private void claim(ShardId id, SimulatedShard<?> shard) {
            // Two nodes may be directed to claim the same epoch: the log decides.
            long epoch =
                    random.nextInt(6) == 0 && epochs.containsKey(id) ? epochs.get(id) : epochs.getOrDefault(id, 0L) + 1;
            epochs.put(id, epoch);
            shard.claim(epoch);
            owners.put(id, shard);
        }

        private SimulatedShard<?> create(ShardId id) {
            SimulatedShard<?> shard;
            if (id.kind() == ShardId.Kind.GUILD) {
                var machine = new RelayMachine(TOPOLOGY.sessionShards());
                shard = new SimulatedShard<>(
                        installation,
                        new IncarnationId(id, ++nonces, "node"),
                        new ShardDefinition<>(RecordCodecs.GUILD, machine, new ShardListener<>() {}, true),
                        SETTINGS,
                        ShardCounters.NONE,
                        () -> nanos);
                machines.put(shard, machine);
            } else {
                var machine = new CollectMachine();
                shard = new SimulatedShard<>(
                        installation,
                        new IncarnationId(id, ++nonces, "node"),
                        new ShardDefinition<>(RecordCodecs.SESSION, machine, new ShardListener<>() {}, false),
                        SETTINGS,
                        ShardCounters.NONE,
                        () -> nanos);
                machines.put(shard, machine);
            }
            shards.add(shard);
            return shard;
        }

        private void settle() {
            pausedUntil.clear();
            for (int round = 0; round < 100; round++) {
                nanos += 450_000_000L;
                detect();
                for (var shard : List.copyOf(shards)) {
                    shard.tick();
                    while (shard.completeEndFetch() | shard.applyOne() | shard.acknowledge() | shard.stepCheckpoint()) {
                        // Until nothing moves.
                    }
                    while (!shard.targets().isEmpty()) {
                        shard.targets().forEach(target -> shard.deliver(target, 1));
                        shard.acknowledge();
                    }
                }
            }
        }

        private void check() {
            var expected = new ArrayList<String>();
            Map<Long, Integer> counts = new HashMap<>();
            var log = installation.log(ShardId.guild(0));
            for (long offset = 0; offset < log.end(); offset++) {
                var record = parse(log.at(offset).record());
                if (record.hasEvent() && !record.getEvent().getType().equals(RelayMachine.POISON)) {
                    long guild = record.getEvent().getGuildId();
                    expected.add(guild + ":" + counts.merge(guild, 1, Integer::sum));
                }
            }
            for (int i = 0; i < TOPOLOGY.sessionShards(); i++) {
                var owner = owners.get(ShardId.session(i));
                assertThat(owner.running())
                        .as("owner of %s: %s", i, owner.stopReason())
                        .isTrue();
                var received = ((CollectMachine) machines.get(owner)).received;
                assertThat(received.stream().filter(text -> !text.startsWith("typing")))
                        .isEqualTo(expected);
                assertThat(received.stream().filter(text -> text.startsWith("typing")))
                        .doesNotHaveDuplicates();
            }
            checkCheckpoint(counts);
            assertThat(published).isPositive();
        }

        /// A checkpoint must be the state at exactly one position of the log, never a mixture.
        private void checkCheckpoint(Map<Long, Integer> all) {
            var checkpoint = installation.checkpoint(ShardId.guild(0));
            if (checkpoint == null) {
                return;
            }
            Map<String, Integer> counts = new TreeMap<>();
            for (long offset = 0; offset < checkpoint.position(); offset++) {
                var record = parse(installation.log(ShardId.guild(0)).at(offset).record());
                if (record.hasEvent() && !record.getEvent().getType().equals(RelayMachine.POISON)) {
                    counts.merge(Long.toString(record.getEvent().getGuildId()), 1, Integer::sum);
                }
            }
            Map<String, Integer> kept = new TreeMap<>();
            checkpoint.entities().forEach((key, value) -> {
                if (!key.startsWith("#")) {
                    kept.put(key, Integer.parseInt(new String(value, StandardCharsets.UTF_8)));
                }
            });
            assertThat(kept).isEqualTo(counts);
            assertThat(all).hasSizeGreaterThanOrEqualTo(kept.size());
        }

        private static GuildRecord parse(byte[] bytes) {
            try {
                return RecordCodecs.GUILD.parse(bytes);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
