package dev.guildcast.fanout.node;

import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.delivery.PresenceFill;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.fanout.shard.GuildShards;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardListener;
import org.jspecify.annotations.Nullable;

/// Lets a guild shard be asked while it runs, and asks for presences once it is owned here.
final class GuildShardListener implements ShardListener<GuildRecord> {
    private final GuildShard machine;
    private final PresenceFill presences;
    private final GuildShards shards;
    private GuildShards.@Nullable Running running;
    private boolean filled;

    GuildShardListener(GuildShard machine, PresenceFill presences, GuildShards shards) {
        this.machine = machine;
        this.presences = presences;
        this.shards = shards;
    }

    @Override
    public void onStarted(OwnedShard shard) {
        var started = new GuildShards.Running(shard, machine);
        running = started;
        shards.started(started);
    }

    @Override
    public void onLive(boolean live) {
        var shard = running;
        if (live && !filled && shard != null) {
            filled = true;
            presences.fill(machine.members(), action -> shard.process().execute(action));
        }
    }

    @Override
    public void onStopped(String reason) {
        var shard = running;
        if (shard != null) {
            shards.stopped(shard);
        }
    }
}
