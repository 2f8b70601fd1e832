package dev.guildcast.fanout.node;

import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.presence.PresenceLoader;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.fanout.shard.GuildShardRegistry;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardListener;
import org.jspecify.annotations.Nullable;

/// Registers a guild shard for queries while it runs, and loads its presences once it is owned here.
final class GuildShardListener implements ShardListener<GuildRecord, NoResult> {
    private final GuildShard machine;
    private final PresenceLoader presenceLoader;
    private final GuildShardRegistry registry;
    private GuildShardRegistry.@Nullable RunningShard running;
    private boolean presencesRequested;

    GuildShardListener(GuildShard machine, PresenceLoader presenceLoader, GuildShardRegistry registry) {
        this.machine = machine;
        this.presenceLoader = presenceLoader;
        this.registry = registry;
    }

    @Override
    public void onStarted(OwnedShard shard) {
        var started = new GuildShardRegistry.RunningShard(shard, machine);
        running = started;
        registry.register(started);
    }

    @Override
    public void onLive(boolean live) {
        var shard = running;
        if (live && !presencesRequested && shard != null) {
            presencesRequested = true;
            presenceLoader.load(machine.members(), action -> shard.process().execute(action));
        }
    }

    @Override
    public void onStopped(String reason) {
        var shard = running;
        if (shard != null) {
            registry.unregister(shard);
        }
    }
}
