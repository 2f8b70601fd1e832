package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;

/// What one line says to hosts, in its own name.
///
/// @param handle of the line, unique within this gateway
/// @param attachId of the connection
record LineMessages(long handle, long attachId, long userId, int shard) {
    /// Asks for a new session; a repeat asks for the same one.
    ///
    /// @param seen the last sequence that the client has been sent
    GatewayMessage open(Open open, int seen) {
        return GatewayMessage.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setHandle(handle)
                        .setShard(shard)
                        .setOpen(open)
                        .setSeen(seen))
                .build();
    }

    /// Asks for a session that a client resumes.
    GatewayMessage attach(String sessionId, int last) {
        return GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(handle)
                        .setSessionId(sessionId)
                        .setUserId(userId)
                        .setAttachId(attachId)
                        .setSequence(last))
                .build();
    }

    /// Asks for a session that the connection holds already.
    GatewayMessage reattach(String sessionId, int last) {
        return GatewayMessage.newBuilder()
                .setReattach(Reattach.newBuilder()
                        .setHandle(handle)
                        .setSessionId(sessionId)
                        .setUserId(userId)
                        .setAttachId(attachId)
                        .setSequence(last)
                        .setFinished(true))
                .build();
    }

    GatewayMessage park() {
        return GatewayMessage.newBuilder()
                .setPark(Park.newBuilder().setHandle(handle).setAttachId(attachId))
                .build();
    }

    /// @param end whether the session ends with the connection
    GatewayMessage detach(String sessionId, boolean end) {
        return GatewayMessage.newBuilder()
                .setDetach(Detach.newBuilder()
                        .setHandle(handle)
                        .setSessionId(sessionId)
                        .setAttachId(attachId)
                        .setEnd(end))
                .build();
    }

    /// Puts in whose command it is.
    Command.Builder mark(Command.Builder command) {
        return command.setHandle(handle).setAttachId(attachId);
    }

    /// The session id is put in late: a command may be older than the session's opening.
    GatewayMessage command(Command command, String sessionId) {
        return GatewayMessage.newBuilder()
                .setCommand(command.toBuilder().setSessionId(sessionId))
                .build();
    }
}
