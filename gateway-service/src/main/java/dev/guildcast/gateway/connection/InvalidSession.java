package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.protocol.Opcode;

/// Sends op 9, not resumable: there is no such session. The socket stays open, and the client may identify on it.
public final class InvalidSession {
    private InvalidSession() {}

    public static void send(Connection connection) {
        connection.sendAfterHeartbeatRequest(Opcode.INVALID_SESSION, "false");
        connection.resetAuthentication();
    }
}
