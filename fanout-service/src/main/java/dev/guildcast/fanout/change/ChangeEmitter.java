package dev.guildcast.fanout.change;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.view.GuildList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Emits the events of a change: with the payload that the backend published, or with one built from the view.
interface ChangeEmitter {
    /// The event type under which an upsert is emitted; null when it is not.
    ///
    /// @param known whether the entity existed before
    /// @param changed whether a client would notice a difference
    @Nullable
    String upsertEventType(String create, String update, boolean known, boolean changed);

    /// Emits one event.
    ///
    /// @param scope the widest set of recipients
    /// @param payload builds the JSON of `d`, used where the backend published none
    void emit(String type, Scope scope, Supplier<byte[]> payload);

    /// Emits an event to everyone; one user receives it whatever its intents.
    void emitWithSelf(String type, long self, Supplier<byte[]> payload);

    /// Emits that a list of the guild changed.
    void listChanged(String name, @Nullable GuildList before);

    /// Emits to the session shard of a user that the user joined.
    void memberJoined(long user);
}
