package dev.guildcast.fanout.shard;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.GuildList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a change is told: with the backend's own words, or with words made from the view.
interface Teller {
    /// The type under which an upsert is told; null when it is not.
    ///
    /// @param known whether the entity was there before
    /// @param changed whether a client would notice a difference
    @Nullable
    String typeOfUpsert(String create, String update, boolean known, boolean changed);

    /// Tells one event.
    ///
    /// @param scope whom it concerns at the most
    /// @param words the JSON of `d`, where the backend gave none
    void tell(String type, Scope scope, Supplier<byte[]> words);

    /// Tells an event in the view's words, whoever gave the change: what follows from it.
    void tellOwn(String type, Scope scope, byte[] words);

    /// Tells everyone an event that one user is told whatever its intents.
    void tellWithSelf(String type, long self, Supplier<byte[]> words);

    /// A list of the guild changed.
    void listChanged(String name, @Nullable GuildList before);

    /// A new member; told to the session shards.
    void joined(long user);
}
