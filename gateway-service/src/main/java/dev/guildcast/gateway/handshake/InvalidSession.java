package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.protocol.Opcode;

/// Op 9: there is no such session. The socket stays, and the client may identify on it.
final class InvalidSession {
    private InvalidSession() {}

    static void send(Connection connection) {
        connection.sendWithLeadIn(Opcode.INVALID_SESSION, "false");
        connection.unauthenticated();
    }
}
