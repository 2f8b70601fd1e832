package dev.guildcast.fanout.change;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Emits what a guild snapshot changed, as the entities' own events, with payloads built from the view.
public final class SnapshotChangeEmitter implements ChangeEmitter {
    private final GuildContext guild;
    private final Outputs out;
    private final ShardContext context;
    private final List<Long> joinedUsers = new ArrayList<>();

    public SnapshotChangeEmitter(GuildContext guild, Outputs out, ShardContext context) {
        this.guild = guild;
        this.out = out;
        this.context = context;
    }

    @Override
    public @Nullable String upsertEventType(String create, String update, boolean known, boolean changed) {
        return !known ? create : changed ? update : null;
    }

    @Override
    public void emit(String type, Scope scope, Supplier<byte[]> payload) {
        guild.eventEmitter().emitDerived(out, type, payload.get(), scope);
    }

    @Override
    public void emitWithSelf(String type, long self, Supplier<byte[]> payload) {
        guild.eventEmitter().emitDerivedWithSelf(out, type, payload.get(), self);
    }

    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        new ListMutationApplier(guild, out).emit(name, before);
    }

    @Override
    public void memberJoined(long user) {
        joinedUsers.add(user);
    }

    /// Emits all members who joined to the session shards, in one batch.
    void flushJoined() {
        context.memberships().emitJoined(out, guild.view().id(), joinedUsers);
        joinedUsers.clear();
    }
}
