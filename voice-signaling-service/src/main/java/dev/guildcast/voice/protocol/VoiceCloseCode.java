package dev.guildcast.voice.protocol;

/// Why the voice gateway ends a connection. Public protocol: a code is never renumbered and never reused.
public enum VoiceCloseCode {
    UNKNOWN_OPCODE(4001, "unknown opcode"),
    DECODE_ERROR(4002, "decode error"),
    NOT_AUTHENTICATED(4003, "not authenticated"),
    AUTHENTICATION_FAILED(4004, "authentication failed"),
    ALREADY_AUTHENTICATED(4005, "already authenticated"),
    /// Clients begin again with op 4 of the main gateway.
    SESSION_INVALID(4006, "session no longer valid"),
    SESSION_TIMEOUT(4009, "session timed out"),
    SERVER_NOT_FOUND(4011, "server not found"),
    UNKNOWN_PROTOCOL(4012, "unknown protocol"),
    /// Moved, disconnected, or replaced by another connection; clients wait for what the main gateway sends.
    DISCONNECTED(4014, "disconnected"),
    /// Clients resume.
    SERVER_CRASHED(4015, "voice server crashed"),
    UNKNOWN_ENCRYPTION(4016, "unknown encryption mode"),
    BAD_REQUEST(4020, "bad request"),
    RATE_LIMITED(4021, "rate limited");

    private final int code;
    private final String reason;

    VoiceCloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }
}
