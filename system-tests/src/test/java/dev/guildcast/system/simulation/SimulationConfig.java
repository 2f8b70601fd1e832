package dev.guildcast.system.simulation;

import dev.guildcast.contract.Topology;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.node.PlacementMode;
import java.time.Duration;
import java.util.Random;
import org.springframework.util.unit.DataSize;

/// The configuration of one run, drawn from its seed.
///
/// @param faultProfile the faults that are injected most
/// @param sessionsMayEnd sessions may expire, or rings overrun
/// @param losesSends sends may be lost, which ends their sender
/// @param staleMaps two of three gateways learn of changes late
/// @param permanentPartitions some owners never reach their log again
/// @param highChurn many failovers, reconnects and long half-open connections
/// @param heavyTyping many typing events and visibility changes
/// @param stepMillisMax the maximum advance of the clock per step
/// @param creditBytes in bytes of dispatches, which a gateway grants a host
/// @param transportMessagesMax messages on a stream at which its transport accepts no more
record SimulationConfig(
        FaultProfile faultProfile,
        Topology topology,
        SessionProperties session,
        ResumeProperties resume,
        ShardSettings shardSettings,
        boolean sessionsMayEnd,
        boolean losesSends,
        boolean staleMaps,
        boolean permanentPartitions,
        boolean highChurn,
        boolean heavyTyping,
        int stepMillisMax,
        long creditBytes,
        int transportMessagesMax) {

    static SimulationConfig draw(Random random) {
        var faultProfile = random.nextBoolean()
                ? FaultProfile.NONE
                : FaultProfile.values()[random.nextInt(FaultProfile.values().length)];
        double profile = random.nextDouble();
        boolean stalling = faultProfile == FaultProfile.STALLED_LOGS;
        boolean byTime = profile > .5 && profile < .7 || profile > .88;
        boolean byCount = profile > .75;
        var session = new SessionProperties(
                Duration.ofSeconds(stalling ? 5 + random.nextInt(3) : byTime ? 2 + random.nextInt(4) : 180),
                PlacementMode.STATIC,
                Duration.ZERO);
        var resume = new ResumeProperties(
                Duration.ofSeconds(byTime ? 6 + random.nextInt(6) : 3_600),
                byCount ? 16 << random.nextInt(2) : 16_384,
                Duration.ofMillis(random.nextInt(3) * 1_000L),
                DataSize.ofKilobytes(64));
        boolean lingering = faultProfile == FaultProfile.LINGERING_OWNERS;
        boolean frequentCheckpoints = lingering || faultProfile == FaultProfile.FOLLOWER_TAKEOVER;
        var checkpointEvery =
                Duration.ofMillis(frequentCheckpoints ? 200 + random.nextInt(600) : 1_000 + random.nextInt(3_000));
        var shardSettings = new ShardSettings(
                checkpointEvery,
                checkpointEvery,
                checkpointEvery,
                2_000 + random.nextInt(20_000),
                Duration.ofSeconds(lingering || stalling ? 10 : 2),
                Duration.ofMillis(400),
                random.nextBoolean() ? 4 : 1_000,
                random.nextInt(4) == 0 ? 2_000 : 1 << 20,
                Duration.ofMillis(250));
        boolean highChurn = random.nextInt(3) == 0 || faultProfile != FaultProfile.NONE;
        boolean fast = random.nextInt(3) == 0 || stalling;
        return new SimulationConfig(
                faultProfile,
                new Topology(1 + random.nextInt(3), 0, 1, 1 + random.nextInt(2)),
                session,
                resume,
                shardSettings,
                byTime || byCount || stalling,
                random.nextBoolean(),
                random.nextInt(5) < 2 || lingering,
                random.nextInt(5) == 0,
                highChurn,
                random.nextInt(5) < 2,
                fast ? 60 : 15,
                random.nextInt(4) == 0 ? 600 : 1 << 20,
                random.nextInt(3) == 0 ? 4 : 64);
    }
}
