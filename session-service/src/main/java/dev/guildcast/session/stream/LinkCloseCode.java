package dev.guildcast.session.stream;

/// The WebSocket close codes that a session host decides on; the gateway sends them. Public protocol: never renumbered.
public enum LinkCloseCode {
    UNKNOWN_ERROR(4000),
    INVALID_SEQUENCE(4007),
    SHARDING_REQUIRED(4011),
    TOO_MANY_SESSIONS(4015);

    private final int code;

    LinkCloseCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
