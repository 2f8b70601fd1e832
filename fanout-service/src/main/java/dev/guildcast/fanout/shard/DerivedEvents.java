package dev.guildcast.fanout.shard;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Telling;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells what a whole document changed, as by the entities' own events, in words made from the view.
final class DerivedEvents implements Teller {
    private final GuildState guild;
    private final Outputs out;
    private final Tools tools;
    private final List<Long> joined = new ArrayList<>();

    DerivedEvents(GuildState guild, Outputs out, Tools tools) {
        this.guild = guild;
        this.out = out;
        this.tools = tools;
    }

    /// Intents of which a session needs one for an event that a shard words itself.
    static long intents(String type) {
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
    public @Nullable String typeOfUpsert(String create, String update, boolean known, boolean changed) {
        return !known ? create : changed ? update : null;
    }

    @Override
    public void tell(String type, Scope scope, Supplier<byte[]> words) {
        tellOwn(type, scope, words.get());
    }

    @Override
    public void tellOwn(String type, Scope scope, byte[] words) {
        guild.announcer().tell(out, type, words, Telling.of(scope, intents(type)));
    }

    @Override
    public void tellWithSelf(String type, long self, Supplier<byte[]> words) {
        guild.announcer()
                .tell(
                        out,
                        type,
                        words.get(),
                        Telling.of(Scope.EVERYONE, intents(type)).alsoTo(Set.of(self), 0));
    }

    @Override
    public void listChanged(String name, @Nullable GuildList before) {
        ListChanges.tell(guild.view(), name, before, this);
    }

    @Override
    public void joined(long user) {
        joined.add(user);
    }

    /// Tells the session shards of all who joined, in one go.
    void flush() {
        tools.memberships().joined(out, guild.view().id(), joined);
        joined.clear();
    }
}
