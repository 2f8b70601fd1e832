package dev.guildcast.gateway.protocol;

import java.util.Optional;

/// Why the gateway ends a connection. Public protocol: a code is never renumbered and never reused.
public enum CloseCode {
    GOING_AWAY(1001, AfterClose.RESUME, "going away"),
    /// A frame that violates RFC 6455.
    PROTOCOL_ERROR(1002, AfterClose.RESUME, "protocol error"),
    UNKNOWN_ERROR(4000, AfterClose.RESUME, "unknown error"),
    UNKNOWN_OPCODE(4001, AfterClose.IDENTIFY, "unknown opcode"),
    DECODE_ERROR(4002, AfterClose.RESUME, "decode error"),
    NOT_AUTHENTICATED(4003, AfterClose.IDENTIFY, "not authenticated"),
    AUTHENTICATION_FAILED(4004, AfterClose.STOP, "authentication failed"),
    ALREADY_AUTHENTICATED(4005, AfterClose.RESUME, "already authenticated"),
    INVALID_SEQUENCE(4007, AfterClose.IDENTIFY, "invalid sequence"),
    RATE_LIMITED(4008, AfterClose.RESUME, "rate limited"),
    /// Reserved and never sent: a session that has expired is answered with op 9, because several client libraries
    /// answer this code with another Resume.
    SESSION_TIMED_OUT(4009, AfterClose.IDENTIFY, "session timed out"),
    INVALID_SHARD(4010, AfterClose.STOP, "invalid shard"),
    SHARDING_REQUIRED(4011, AfterClose.STOP, "sharding required"),
    INVALID_API_VERSION(4012, AfterClose.STOP, "invalid API version"),
    INVALID_INTENTS(4013, AfterClose.STOP, "invalid intents"),
    DISALLOWED_INTENTS(4014, AfterClose.STOP, "disallowed intents"),
    TOO_MANY_SESSIONS(4015, AfterClose.STOP, "too many sessions");

    private final int code;
    private final AfterClose afterClose;
    private final String reason;

    CloseCode(int code, AfterClose afterClose, String reason) {
        this.code = code;
        this.afterClose = afterClose;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public AfterClose afterClose() {
        return afterClose;
    }

    /// At most 123 bytes of UTF-8: what fits a close frame.
    public String reason() {
        return reason;
    }

    /// The constant with this code; empty if the table has none.
    public static Optional<CloseCode> of(int code) {
        for (var each : values()) {
            if (each.code == code) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /// Whether a client that closes with this code ends its session: 1000 and 1001 do; after any other it may resume.
    public static boolean endsSession(int clientCode) {
        return clientCode == 1000 || clientCode == 1001;
    }
}
