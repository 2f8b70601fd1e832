package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;

/// Builds the messages of one [RemoteSession] to session hosts.
record GatewayMessageFactory(SessionKey key) {
    /// The first request of a connection, which may be repeated until READY or RESUMED was sent. From then on the
    /// connection holds the session, and attaches again by [#reattach].
    ///
    /// @param lastSequence the last sequence that was sent to the client
    GatewayMessage start(SessionStart start, int lastSequence) {
        return switch (start) {
            case SessionStart.IdentifyStart identify -> open(identify.open(), lastSequence);
            case SessionStart.ResumeStart resume -> attach(resume, lastSequence);
        };
    }

    /// Opens a new session. Idempotent: a repeated request returns the same session.
    ///
    /// @param lastSequence the last sequence that was sent to the client
    private GatewayMessage open(Open open, int lastSequence) {
        return GatewayMessage.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setHandle(key.handle())
                        .setShard(key.shard())
                        .setOpen(open)
                        .setSeen(lastSequence))
                .build();
    }

    /// Attaches to a session that a client resumes.
    private GatewayMessage attach(SessionStart.ResumeStart resume, int lastSequence) {
        return GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(key.handle())
                        .setSessionId(resume.sessionId())
                        .setVersion(resume.version())
                        .setEncoding(resume.encoding())
                        .setUserId(key.userId())
                        .setAttachId(key.attachId())
                        .setSequence(lastSequence))
                .build();
    }

    /// Attaches again to a session that the connection is already attached to.
    GatewayMessage reattach(String sessionId, int lastSequence) {
        return GatewayMessage.newBuilder()
                .setReattach(Reattach.newBuilder()
                        .setHandle(key.handle())
                        .setSessionId(sessionId)
                        .setUserId(key.userId())
                        .setAttachId(key.attachId())
                        .setSequence(lastSequence)
                        .setFinished(true))
                .build();
    }

    GatewayMessage park() {
        return GatewayMessage.newBuilder()
                .setPark(Park.newBuilder().setHandle(key.handle()).setAttachId(key.attachId()))
                .build();
    }

    /// @param endSession whether the session ends with the connection
    GatewayMessage detach(String sessionId, boolean endSession) {
        return GatewayMessage.newBuilder()
                .setDetach(Detach.newBuilder()
                        .setHandle(key.handle())
                        .setSessionId(sessionId)
                        .setAttachId(key.attachId())
                        .setEnd(endSession))
                .build();
    }

    /// Adds handle and attach id to a command.
    Command.Builder addressed(Command.Builder command) {
        return command.setHandle(key.handle()).setAttachId(key.attachId());
    }

    /// The session id is added here because a command may have been received before the session was opened.
    GatewayMessage command(Command command, String sessionId) {
        return GatewayMessage.newBuilder()
                .setCommand(command.toBuilder().setSessionId(sessionId))
                .build();
    }
}
