package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The steps of the shards' processes: what they do when they are let, and what they have sent on its way.
final class Turns {
    private static final long FAVOURED_NANOS = 3_000_000_000L;

    private final WholePath path;
    private final Shards shards;
    private final Random random;
    private @Nullable Incarnation favoured;
    private long favouredUntil;

    Turns(WholePath path, Random random) {
        this.path = path;
        this.shards = path.shards;
        this.random = random;
    }

    /// This one has every other turn until it has run for a while, so that it is live before its time is over.
    void favour(Incarnation one) {
        favoured = one;
        favouredUntil = path.nanos() + FAVOURED_NANOS;
    }

    /// Whose turn it is.
    Incarnation next() {
        var one = favoured;
        if (one != null && one.running() && path.nanos() < favouredUntil && random.nextBoolean()) {
            return one;
        }
        return path.any(shards.all);
    }

    /// A turn of one process's loop: some of what it could do.
    void turn(Incarnation one) {
        long now = path.nanos();
        if (!one.awake(now)) {
            return;
        }
        if (one.reaches(now)) {
            if (random.nextInt(3) > 0) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    one.process().acknowledge();
                }
            }
            if (random.nextBoolean()) {
                one.process().answerEnd();
            }
            if (random.nextBoolean()) {
                stepCheckpoint(one);
            }
            if (one.slowUntil <= now && !shards.stalled.contains(one.shard)) {
                for (int i = random.nextInt(5); i > 0; i--) {
                    one.process().applyOne();
                }
                if (random.nextInt(3) == 0) {
                    one.process().applyOneEphemeral();
                }
            }
        }
        for (int i = random.nextInt(6); i > 0 && !one.inbox.isEmpty(); i--) {
            one.inbox.remove().run();
        }
        if (random.nextBoolean()) {
            one.process().tick();
        }
    }

    private boolean stepCheckpoint(Incarnation one) {
        var before = path.installation.checkpoint(one.shard);
        boolean stepped = one.process().stepCheckpoint();
        var after = path.installation.checkpoint(one.shard);
        if (after != null && after != before) {
            shards.audit(one.shard).check(path.installation.log(one.shard), after);
        }
        return stepped;
    }

    /// Everything that one process can do now; whether it did anything.
    ///
    /// @param step hears of each thing it does
    boolean exhaust(Incarnation one, Runnable step) {
        if (!one.awake(path.nanos())) {
            return false;
        }
        boolean any = false;
        boolean more = true;
        while (more && one.running()) {
            more = false;
            if (one.reaches(path.nanos())) {
                more = one.process().answerEnd();
                while (one.process().applyOne()) {
                    step.run();
                    more = true;
                }
                while (one.process().applyOneEphemeral()) {
                    step.run();
                    more = true;
                }
                while (one.process().acknowledge()) {
                    step.run();
                    more = true;
                }
                while (stepCheckpoint(one)) {
                    step.run();
                    more = true;
                }
            }
            while (!one.inbox.isEmpty()) {
                one.inbox.remove().run();
                step.run();
                more = true;
            }
            any |= more;
        }
        one.process().tick();
        return any;
    }

    /// Some records that are on their way arrive.
    boolean arrive(boolean faulty) {
        long now = path.nanos();
        var ways = new ArrayList<Map.Entry<Incarnation, ShardId>>();
        for (var each : shards.all) {
            if (!each.running() || each.cutUntil <= now) {
                for (var target : new TreeSet<>(each.process().targets())) {
                    if (shards.takes(target)) {
                        ways.add(Map.entry(each, target));
                    }
                }
            }
        }
        if (ways.isEmpty()) {
            return false;
        }
        var way = ways.get(random.nextInt(ways.size()));
        if (faulty && path.limits.lossy() && random.nextInt(150) == 0) {
            path.ledger.count("lost sends");
            way.getKey().process().lose(way.getValue());
            return true;
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            boolean twice = random.nextInt(33) == 0;
            way.getKey().process().deliver(way.getValue(), twice ? 2 : 1);
        }
        return true;
    }
}
