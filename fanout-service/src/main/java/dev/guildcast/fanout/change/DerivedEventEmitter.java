package dev.guildcast.fanout.change;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.RecipientRule;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Emits what a guild snapshot changed, as the entities' own events, with payloads built from the view.
public final class DerivedEventEmitter implements ChangeEmitter {
    private final GuildState guild;
    private final Outputs out;
    private final ShardContext context;
    private final List<Long> joinedUsers = new ArrayList<>();

    public DerivedEventEmitter(GuildState guild, Outputs out, ShardContext context) {
        this.guild = guild;
        this.out = out;
        this.context = context;
    }

    /// Intents of which a session needs one to receive an event whose payload a shard builds.
    static long intentsOf(String type) {
        return switch (type) {
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "THREAD_MEMBERS_UPDATE" ->
                Intents.GUILD_MEMBERS;
            case "GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE", "GUILD_SOUNDBOARD_SOUNDS_UPDATE" ->
                Intents.GUILD_EXPRESSIONS;
            case "GUILD_SCHEDULED_EVENT_CREATE", "GUILD_SCHEDULED_EVENT_UPDATE", "GUILD_SCHEDULED_EVENT_DELETE" ->
                Intents.GUILD_SCHEDULED_EVENTS;
            case "VOICE_STATE_UPDATE" -> Intents.GUILD_VOICE_STATES;
            default -> Intents.GUILDS;
        };
    }

    @Override
    public @Nullable String upsertEventType(String create, String update, boolean known, boolean changed) {
        return !known ? create : changed ? update : null;
    }

    @Override
    public void emit(String type, Scope scope, Supplier<byte[]> payload) {
        emitDerived(type, scope, payload.get());
    }

    @Override
    public void emitDerived(String type, Scope scope, byte[] payload) {
        guild.eventEmitter().emit(out, type, payload, RecipientRule.of(scope, intentsOf(type)));
    }

    @Override
    public void emitWithSelf(String type, long self, Supplier<byte[]> payload) {
        guild.eventEmitter()
                .emit(
                        out,
                        type,
                        payload.get(),
                        RecipientRule.of(Scope.EVERYONE, intentsOf(type)).withSelfUsers(Set.of(self), 0));
    }

    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        ListChanges.emit(guild.view(), name, before, this);
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
