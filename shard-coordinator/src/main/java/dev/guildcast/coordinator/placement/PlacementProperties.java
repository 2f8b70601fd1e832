package dev.guildcast.coordinator.placement;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How shards are distributed over nodes, and how long a move may take.
///
/// @param loadBound a node takes shards up to this multiple of the mean load; lower balances better and moves more
/// @param movesPerNode concurrent moves from or to a node, failover excluded; each costs a restore and a short pause of
///     its shard
/// @param improvement least improvement for a move, as a fraction of the most by which a move of its weight can narrow
///     the gap between two nodes; lower makes more moves, for less
/// @param rebalanceEvery time between two checks of the balance. Loads are averages over `load-half-life`, so more
///     frequent checks would see the same
/// @param settle time after a node's registration before shards without history are placed: nodes that start together
///     then share them from the beginning, and the first start takes that much longer
/// @param lagMax how far behind the log's end a follower may be when it is directed to claim; the pause of the shard is
///     about that long
/// @param followLimit time for a follower to catch up before the move is abandoned. A restore takes seconds; a follower
///     that needs longer than this is not going to catch up
/// @param claimLimit time for a claim to become live, and for an owner to report its shard, before another node is
///     tried; a restore must fit in it
/// @param avoidFor how long a node that failed a shard is not chosen for it again while there are others. Long enough
///     for a process that is restarted to be ready again
/// @param loadHalfLife time after which a measured CPU load counts half. Longer than a burst, shorter than a change of
///     the load that is worth a move
@ConfigurationProperties("coordinator.placement")
public record PlacementProperties(
        @DefaultValue("1.25") double loadBound,
        @DefaultValue("2") int movesPerNode,
        @DefaultValue("0.10") double improvement,
        @DefaultValue("5s") Duration rebalanceEvery,
        @DefaultValue("1s") Duration settle,
        @DefaultValue("1s") Duration lagMax,
        @DefaultValue("2m") Duration followLimit,
        @DefaultValue("20s") Duration claimLimit,
        @DefaultValue("30s") Duration avoidFor,
        @DefaultValue("30s") Duration loadHalfLife) {
    public static final PlacementProperties DEFAULT = new PlacementProperties(
            1.25,
            2,
            0.10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));

    public PlacementProperties {
        if (loadBound <= 1) {
            throw new IllegalArgumentException(
                    "coordinator.placement.load-bound " + loadBound + " (expected: above 1)");
        }
        if (movesPerNode < 1) {
            throw new IllegalArgumentException(
                    "coordinator.placement.moves-per-node " + movesPerNode + " (expected: at least 1)");
        }
        if (improvement <= 0 || improvement >= 1) {
            throw new IllegalArgumentException(
                    "coordinator.placement.improvement " + improvement + " (expected: between 0 and 1)");
        }
        positive("rebalance-every", rebalanceEvery);
        positive("lag-max", lagMax);
        positive("claim-limit", claimLimit);
        positive("load-half-life", loadHalfLife);
        if (followLimit.compareTo(lagMax) <= 0) {
            throw new IllegalArgumentException(
                    "coordinator.placement.follow-limit " + followLimit + " (expected: above lag-max, " + lagMax + ")");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(
                    "coordinator.placement." + name + " " + value + " (expected: above zero)");
        }
    }
}
