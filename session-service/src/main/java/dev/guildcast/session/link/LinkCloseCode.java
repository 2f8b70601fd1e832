package dev.guildcast.session.link;

/// The close codes that a host decides on; the gateway writes them. Public protocol: never renumbered.
enum LinkCloseCode {
    UNKNOWN_ERROR(4000),
    INVALID_SEQUENCE(4007),
    SHARDING_REQUIRED(4011);

    private final int code;

    LinkCloseCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
