package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.memory.CollectMachine;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.RelayMachine;
import dev.guildcast.shard.memory.SimulatedShard;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One incarnation from its start to its end, step by step.
class ShardProcessTest {
    private static final ShardId SHARD = ShardId.guild(0);
    private static final ShardId TARGET = ShardId.session(0);
    private static final ShardSettings SETTINGS = ShardSettings.guildDefaults(SHARD);

    private long nanos = Duration.ofDays(1).toNanos();
    private final MemoryInstallation installation =
            new MemoryInstallation(new Topology(1, 1, 1, 1), () -> nanos / 1_000_000);
    private final List<String> events = new ArrayList<>();
    private int deadLetters;
    private int duplicates;
    private long nonces;

    @Test
    void isLiveOnlyWhenItsClaimAndALogEndFetchedAfterItAreApplied() {
        var shard = start();
        assertThat(shard.role()).isEqualTo(Role.FOLLOWING);
        shard.claim(1);
        assertThat(shard.role()).isEqualTo(Role.CLAIMING);
        assertThat(installation.log(SHARD).end())
                .as("nothing is claimed before the log is read to its end")
                .isZero();
        shard.tick();
        shard.completeEndFetch();
        shard.tick();
        shard.deliver(SHARD, 1);
        assertThat(shard.shard().live()).isFalse();
        shard.applyOne();
        shard.acknowledge();
        assertThat(shard.role()).isEqualTo(Role.LIVE);
        assertThat(shard.epoch()).isEqualTo(1);
        passReadBarrier(shard);
        assertThat(shard.shard().live()).isTrue();
    }

    @Test
    void isNotLiveWhenItsReadBarrierIsNotCurrent() {
        var shard = owner(1);
        nanos += SETTINGS.logEndMaxAge().toNanos() + 1;
        assertThat(shard.shard().live()).isFalse();
        assertThat(shard.shard().append(event("late"))).isFalse();
        passReadBarrier(shard);
        assertThat(shard.shard().live()).isTrue();
        assertThat(events).containsExactly("live", "not live", "live");
    }

    @Test
    void anotherClaimOfAHigherEpochEndsIt() {
        var shard = owner(1);
        installation.log(SHARD).append(claim(2, 999));
        publish("after");
        shard.applyOne();
        assertThat(shard.role()).isEqualTo(Role.STOPPED);
        assertThat(shard.stopReason()).contains("epoch 2");
        assertThat(shard.applyOne()).isFalse();
        assertThat(events).containsExactly("live", "not live", "stopped");
    }

    @Test
    void aClaimOfNoHigherEpochChangesNothing() {
        var shard = owner(3);
        installation.log(SHARD).append(claim(3, 999));
        installation.log(SHARD).append(claim(2, 998));
        shard.applyOne();
        shard.applyOne();
        assertThat(shard.role()).isEqualTo(Role.LIVE);
        assertThat(shard.epoch()).isEqualTo(3);
    }

    @Test
    void ofTwoClaimsOfOneEpochTheFirstWins() {
        var first = start();
        var second = start();
        for (var shard : List.of(first, second)) {
            shard.claim(1);
            shard.tick();
            shard.completeEndFetch();
            shard.tick();
        }
        second.deliver(SHARD, 1);
        first.deliver(SHARD, 1);
        while (first.applyOne() | second.applyOne()) {
            // Both read to the end.
        }
        assertThat(second.role()).isEqualTo(Role.LIVE);
        assertThat(first.role()).isEqualTo(Role.STOPPED);
    }

    @Test
    void aFollowerKeepsItsOutputsBackAndSendsThemAfterItsClaim() {
        publish("a");
        var shard = start();
        shard.applyOne();
        assertThat(shard.targets()).isEmpty();
        makeOwner(shard, 1);
        assertThat(shard.targets()).contains(TARGET);
        shard.deliver(TARGET, 1);
        assertThat(installation.log(TARGET).end()).isEqualTo(1);
    }

    @Test
    void anOutputCarriesThePublicationTimeOfItsEvent() throws Exception {
        long published = nanos / 1_000_000;
        publish("a");
        nanos += Duration.ofSeconds(7).toNanos();
        var shard = owner(1);
        while (shard.applyOne()) {
            // Reads to the end.
        }
        shard.deliver(TARGET, 1);
        var record = SessionRecord.parseFrom(installation.log(TARGET).at(0).record());
        assertThat(record.getOrigin().getPublishedMillis()).isEqualTo(published);
        assertThat(installation.log(TARGET).at(0).timestampMillis()).isEqualTo(published + 7_000);
    }

    @Test
    void aLostSendEndsIt() {
        var shard = owner(1);
        publish("a");
        shard.applyOne();
        shard.lose(TARGET);
        shard.acknowledge();
        assertThat(shard.role()).isEqualTo(Role.STOPPED);
        assertThat(shard.stopReason()).contains("append");
    }

    @Test
    void aCheckpointWaitsUntilWhatItCoversIsAcknowledged() {
        var shard = owner(1);
        publish("a");
        shard.applyOne();
        becomeReadyForCheckpoints(shard);
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).as("the output is in flight").isFalse();
        shard.deliver(TARGET, 1);
        shard.acknowledge();
        assertThat(shard.stepCheckpoint()).isTrue();
        var checkpoint = installation.checkpoint(SHARD);
        assertThat(checkpoint).isNotNull();
        assertThat(checkpoint.position()).isEqualTo(shard.position());
        assertThat(checkpoint.entities())
                .containsKey("1")
                .anySatisfy((key, value) -> assertThat(key).startsWith("#out/"));
    }

    @Test
    void itsOwnMarkerAloneIsCheckpointedRarelyAndANewRecordSoon() {
        var shard = owner(1);
        becomeReadyForCheckpoints(shard);
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).as("after the claim").isTrue();
        shard.deliver(SHARD, 1);
        shard.acknowledge();
        assertThat(shard.applyOne()).isTrue();
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).isFalse();
        nanos += SETTINGS.idleCheckpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).as("after the marker").isTrue();
        assertThat(installation.checkpoint(SHARD))
                .extracting(MemoryInstallation.Checkpoint::position)
                .isEqualTo(shard.position());
        publish("a");
        assertThat(shard.applyOne()).isTrue();
        shard.deliver(TARGET, 1);
        shard.acknowledge();
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).as("after the record").isTrue();
    }

    @Test
    void nothingIsCommittedBetweenFencingAndTheNextReadBarrier() {
        var shard = owner(1);
        publish("a");
        shard.applyOne();
        shard.deliver(TARGET, 1);
        shard.acknowledge();
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).as("fences earlier writers").isTrue();
        installation.log(SHARD).append(claim(2, 999));
        shard.tick();
        assertThat(shard.stepCheckpoint()).isFalse();
        shard.completeEndFetch();
        shard.applyOne();
        assertThat(shard.role()).isEqualTo(Role.STOPPED);
        assertThat(installation.checkpoint(SHARD)).isNull();
    }

    @Test
    void aFencedWriterEndsIt() {
        var shard = owner(1);
        publish("a");
        shard.applyOne();
        shard.deliver(TARGET, 1);
        shard.acknowledge();
        becomeReadyForCheckpoints(shard);
        installation.beginWriting(SHARD);
        nanos += SETTINGS.checkpointEvery().toNanos();
        passReadBarrier(shard);
        assertThat(shard.stepCheckpoint()).isTrue();
        assertThat(shard.stopReason()).contains("refused");
    }

    @Test
    void aRecordThatCannotBeAppliedIsADeadLetterAndTheLogGoesOn() {
        var shard = owner(1);
        publish(RelayMachine.POISON);
        installation.log(SHARD).append(new byte[] {(byte) 0xff, 1, 2});
        publish("b");
        while (shard.applyOne()) {
            // Reads to the end.
        }
        assertThat(deadLetters).isEqualTo(2);
        assertThat(shard.role()).isEqualTo(Role.LIVE);
        shard.deliver(TARGET, 1);
        shard.deliver(TARGET, 1);
        assertThat(installation.log(TARGET).end())
                .as("the output of the refused record was discarded")
                .isEqualTo(1);
    }

    @Test
    void aSuccessorContinuesTheSequenceFromTheCheckpointAndReadersDropTheDuplicate() {
        var shard = owner(1);
        publish("a");
        shard.applyOne();
        shard.deliver(TARGET, 1);
        shard.crash(target -> 0);
        var successor = start();
        while (successor.applyOne()) {
            // Reads to the end.
        }
        makeOwner(successor, 2);
        successor.deliver(TARGET, 1);
        publish("b");
        successor.applyOne();
        successor.deliver(TARGET, 1);
        assertThat(installation.log(TARGET).end()).isEqualTo(3);
        var reader = new CollectMachine();
        var session = new SimulatedShard<>(
                installation,
                new IncarnationId(TARGET, ++nonces, "node"),
                new ShardDefinition<>(RecordCodecs.SESSION, reader, new ShardListener<>() {}, false),
                SETTINGS,
                counters(),
                () -> nanos);
        while (session.applyOne()) {
            // Reads to the end.
        }
        assertThat(reader.received).containsExactly("1:1", "1:2");
        assertThat(duplicates).isEqualTo(1);
    }

    private SimulatedShard<GuildRecord> owner(long epoch) {
        var shard = start();
        makeOwner(shard, epoch);
        return shard;
    }

    /// Lets it claim, read its claim and reach a fetched log end; records published before are applied.
    private void makeOwner(SimulatedShard<GuildRecord> shard, long epoch) {
        shard.claim(epoch);
        for (int i = 0; i < 20 && !shard.shard().live(); i++) {
            shard.tick();
            shard.completeEndFetch();
            shard.applyOne();
            if (shard.targets().contains(SHARD)) {
                shard.deliver(SHARD, 1);
                shard.acknowledge();
            }
        }
        assertThat(shard.shard().live()).isTrue();
        shard.tick();
    }

    private void becomeReadyForCheckpoints(SimulatedShard<GuildRecord> shard) {
        assertThat(shard.stepCheckpoint()).as("fences earlier writers").isTrue();
        passReadBarrier(shard);
    }

    /// Twice, because a fetch may be in flight that is older than this call.
    private void passReadBarrier(SimulatedShard<GuildRecord> shard) {
        for (int i = 0; i < 2; i++) {
            nanos += SETTINGS.logEndFetchEvery().toNanos();
            shard.tick();
            assertThat(shard.completeEndFetch()).isTrue();
            shard.tick();
        }
    }

    private SimulatedShard<GuildRecord> start() {
        var listener = new ShardListener<GuildRecord, NoResult>() {
            @Override
            public void onLive(boolean live) {
                events.add(live ? "live" : "not live");
            }

            @Override
            public void onStopped(String reason) {
                events.add("stopped");
            }
        };
        return new SimulatedShard<>(
                installation,
                new IncarnationId(SHARD, ++nonces, "node"),
                new ShardDefinition<>(RecordCodecs.GUILD, new RelayMachine(1), listener, true),
                SETTINGS,
                counters(),
                () -> nanos);
    }

    private ShardCounters counters() {
        return new ShardCounters() {
            @Override
            public void onDeadLetter() {
                deadLetters++;
            }

            @Override
            public void onDuplicate() {
                duplicates++;
            }
        };
    }

    private void publish(String type) {
        installation.log(SHARD).append(event(type));
    }

    private static byte[] event(String type) {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder().setGuildId(1).setType(type))
                .build()
                .toByteArray();
    }

    private static byte[] claim(long epoch, long nonce) {
        return RecordCodecs.GUILD.encode(Claim.newBuilder()
                .setEpoch(epoch)
                .setNonce(nonce)
                .setNode("other")
                .build());
    }
}
