package dev.guildcast.session.shard;

import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.delivery.v1.SelfDeliver;
import dev.guildcast.delivery.v1.SetPresence;
import dev.guildcast.session.Session;
import org.jspecify.annotations.Nullable;

/// What a record of a session log did to one session.
///
/// Each names the session that it changed: null if the record had no effect, since its writer was not the owner at its
/// offset, a newer record came before it, or it repeats an earlier one.
public sealed interface SessionChange {
    @Nullable
    Session session();

    /// A delivery, a membership or a marker: its effect on sessions is the dispatches.
    enum None implements SessionChange {
        NONE;

        @Override
        public @Nullable Session session() {
            return null;
        }
    }

    record Opened(Open open, @Nullable Session session) implements SessionChange {}

    record AttachedTo(Attached attached, @Nullable Session session) implements SessionChange {}

    record Closed(Close close, @Nullable Session session) implements SessionChange {}

    /// A command of a client, and the connection's number for it.
    sealed interface OfCommand extends SessionChange {
        CommandNumber command();

        /// The nonce of the owner that appended it.
        long nonce();
    }

    /// A dispatch for the session that its host has made itself.
    record SelfDelivered(SelfDeliver deliver, @Nullable Session session) implements OfCommand {
        @Override
        public CommandNumber command() {
            return deliver.getCommand();
        }

        @Override
        public long nonce() {
            return deliver.getNonce();
        }
    }

    record PresenceChanged(SetPresence set, @Nullable Session session) implements OfCommand {
        @Override
        public CommandNumber command() {
            return set.getCommand();
        }

        @Override
        public long nonce() {
            return set.getNonce();
        }
    }

    record MembersRequested(
            RequestMembers request, @Nullable Session session) implements OfCommand {
        @Override
        public CommandNumber command() {
            return request.getCommand();
        }

        @Override
        public long nonce() {
            return request.getNonce();
        }
    }
}
