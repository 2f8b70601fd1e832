package dev.guildcast.system.simulation;

import dev.guildcast.contract.Topology;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.shard.ShardSettings;
import java.time.Duration;
import java.util.Random;
import org.springframework.util.unit.DataSize;

/// The figures of one run, drawn from its seed.
///
/// @param bias what goes wrong most
/// @param forgets sessions may expire, or rings overrun
/// @param lossy sends may be lost, which is fatal for their sender
/// @param staleMaps two of three gateways hear of changes late
/// @param cutForEver some owners never reach the log again
/// @param hot many failovers, reconnects and long half-open connections
/// @param typing much typing and many changes of who sees what
/// @param stepMillis the most that the clock advances at a step
/// @param credit bytes of dispatches that a gateway grants a host
/// @param ready messages on a stream above which its transport takes no more
record Limits(
        Bias bias,
        Topology topology,
        SessionProperties session,
        ResumeProperties resume,
        ShardSettings settings,
        boolean forgets,
        boolean lossy,
        boolean staleMaps,
        boolean cutForEver,
        boolean hot,
        boolean typing,
        int stepMillis,
        long credit,
        int ready) {

    static Limits draw(Random random) {
        var bias = random.nextBoolean() ? Bias.NONE : Bias.values()[random.nextInt(Bias.values().length)];
        double profile = random.nextDouble();
        boolean stalling = bias == Bias.LOGS_STALL;
        boolean byTime = profile > .5 && profile < .7 || profile > .88;
        boolean byCount = profile > .75;
        var session = new SessionProperties(
                Duration.ofSeconds(stalling ? 5 + random.nextInt(3) : byTime ? 2 + random.nextInt(4) : 180),
                SessionProperties.Placement.STATIC,
                Duration.ZERO);
        var resume = new ResumeProperties(
                Duration.ofSeconds(byTime ? 6 + random.nextInt(6) : 3_600),
                byCount ? 16 << random.nextInt(2) : 16_384,
                Duration.ofMillis(random.nextInt(3) * 1_000L),
                DataSize.ofKilobytes(64));
        boolean lingering = bias == Bias.OWNERS_LINGER;
        boolean often = lingering || bias == Bias.FOLLOWERS_TAKE_OVER;
        var checkpointEvery = Duration.ofMillis(often ? 200 + random.nextInt(600) : 1_000 + random.nextInt(3_000));
        var settings = new ShardSettings(
                checkpointEvery,
                checkpointEvery,
                checkpointEvery,
                2_000 + random.nextInt(20_000),
                Duration.ofSeconds(lingering || stalling ? 10 : 2),
                Duration.ofMillis(400),
                random.nextBoolean() ? 4 : 1_000,
                random.nextInt(4) == 0 ? 2_000 : 1 << 20,
                Duration.ofMillis(250));
        boolean hot = random.nextInt(3) == 0 || bias != Bias.NONE;
        boolean fast = random.nextInt(3) == 0 || stalling;
        return new Limits(
                bias,
                new Topology(1 + random.nextInt(3), 0, 1, 1 + random.nextInt(2)),
                session,
                resume,
                settings,
                byTime || byCount || stalling,
                random.nextBoolean(),
                random.nextInt(5) < 2 || lingering,
                random.nextInt(5) == 0,
                hot,
                random.nextInt(5) < 2,
                fast ? 60 : 15,
                random.nextInt(4) == 0 ? 600 : 1 << 20,
                random.nextInt(3) == 0 ? 4 : 64);
    }
}
