package dev.guildcast.witness.client;

/// What a library of this protocol does when its connection has ended.
enum AfterClose {
    RESUME,
    IDENTIFY,
    STOP;

    /// @param code as in the close frame; 1006 without one
    static AfterClose of(int code) {
        return switch (code) {
            case 4004, 4010, 4011, 4012, 4013, 4014 -> STOP;
            case 1000, 4007, 4009 -> IDENTIFY;
            default -> RESUME;
        };
    }
}
