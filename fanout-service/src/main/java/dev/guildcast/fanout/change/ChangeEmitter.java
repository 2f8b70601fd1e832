package dev.guildcast.fanout.change;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.GuildList;
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

    /// Emits an event that follows from the change, with a payload built from the view, whatever caused the change.
    void emitDerived(String type, Scope scope, byte[] payload);

    /// Emits an event to everyone; one user receives it whatever its intents.
    void emitWithSelf(String type, long self, Supplier<byte[]> payload);

    /// A list of the guild changed.
    void listChanged(String name, @Nullable GuildList before);

    /// A member joined; emitted to the session shard of the user.
    void memberJoined(long user);
}
