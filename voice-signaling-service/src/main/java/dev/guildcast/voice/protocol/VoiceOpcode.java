package dev.guildcast.voice.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The operations of the voice gateway. Public protocol: a code is never renumbered.
public enum VoiceOpcode {
    IDENTIFY(0),
    SELECT_PROTOCOL(1),
    READY(2),
    HEARTBEAT(3),
    SESSION_DESCRIPTION(4),
    SPEAKING(5),
    HEARTBEAT_ACK(6),
    RESUME(7),
    HELLO(8),
    RESUMED(9),
    /// Dead; accepted and ignored, like the other two that are marked so.
    SIGNAL(10),
    CLIENTS_CONNECT(11),
    VIDEO(12),
    CLIENT_DISCONNECT(13),
    SESSION_UPDATE(14),
    MEDIA_SINK_WANTS(15),
    BACKEND_VERSION(16),
    /// Dead.
    CHANNEL_OPTIONS(17),
    CLIENT_FLAGS(18),
    /// Dead.
    SPEED_TEST(19),
    CLIENT_PLATFORM(20),
    DAVE_PREPARE_TRANSITION(21),
    DAVE_EXECUTE_TRANSITION(22),
    DAVE_TRANSITION_READY(23),
    DAVE_PREPARE_EPOCH(24),
    MLS_EXTERNAL_SENDER(25),
    MLS_KEY_PACKAGE(26),
    MLS_PROPOSALS(27),
    MLS_COMMIT_WELCOME(28),
    MLS_ANNOUNCE_COMMIT(29),
    MLS_WELCOME(30),
    MLS_INVALID_COMMIT_WELCOME(31),
    NO_ROUTE(32);

    private static final Map<Integer, VoiceOpcode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(VoiceOpcode::code, Function.identity()));

    private final int code;

    VoiceOpcode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<VoiceOpcode> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
