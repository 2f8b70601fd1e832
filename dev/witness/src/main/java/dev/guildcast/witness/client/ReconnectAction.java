package dev.guildcast.witness.client;

/// What client libraries do after a connection has closed.
enum ReconnectAction {
    RESUME,
    IDENTIFY,
    STOP;

    /// @param code of the close frame; 1006 without one
    static ReconnectAction of(int code) {
        return switch (code) {
            case 4004, 4010, 4011, 4012, 4013, 4014 -> STOP;
            case 1000, 4007, 4009 -> IDENTIFY;
            default -> RESUME;
        };
    }
}
