package dev.guildcast.gateway.protocol;

import java.util.Optional;

/// The kind of a frame. Public protocol: numbers are never reused.
public enum Opcode {
    DISPATCH(0, Sender.GATEWAY),
    HEARTBEAT(1, Sender.BOTH),
    IDENTIFY(2, Sender.CLIENT),
    PRESENCE_UPDATE(3, Sender.CLIENT),
    VOICE_STATE_UPDATE(4, Sender.CLIENT),
    VOICE_SERVER_PING(5, Sender.USER),
    RESUME(6, Sender.CLIENT),
    RECONNECT(7, Sender.GATEWAY),
    REQUEST_GUILD_MEMBERS(8, Sender.CLIENT),
    INVALID_SESSION(9, Sender.GATEWAY),
    HELLO(10, Sender.GATEWAY),
    HEARTBEAT_ACK(11, Sender.GATEWAY),
    CALL_CONNECT(13, Sender.USER),
    GUILD_SUBSCRIPTIONS(14, Sender.USER),
    LOBBY_VOICE_STATES(17, Sender.USER),
    STREAM_CREATE(18, Sender.USER),
    STREAM_DELETE(19, Sender.USER),
    STREAM_WATCH(20, Sender.USER),
    STREAM_PING(21, Sender.USER),
    STREAM_SET_PAUSED(22, Sender.USER),
    FORUM_UNREADS(28, Sender.USER),
    REMOTE_COMMAND(29, Sender.USER),
    REQUEST_DELETED_ENTITY_IDS(30, Sender.USER),
    REQUEST_SOUNDBOARD_SOUNDS(31, Sender.CLIENT),
    SPEED_TEST_CREATE(32, Sender.USER),
    SPEED_TEST_DELETE(33, Sender.USER),
    REQUEST_LAST_MESSAGES(34, Sender.USER),
    SEARCH_RECENT_MEMBERS(35, Sender.USER),
    REQUEST_CHANNEL_STATUSES(36, Sender.USER),
    GUILD_SUBSCRIPTIONS_BULK(37, Sender.USER),
    GUILD_CHANNELS_RESYNC(38, Sender.USER),
    REQUEST_CHANNEL_MEMBER_COUNT(39, Sender.USER),
    QOS_HEARTBEAT(40, Sender.USER),
    TIME_SPENT_SESSION(41, Sender.USER),
    LOBBY_VOICE_SERVER_PING(42, Sender.USER),
    REQUEST_CHANNEL_INFO(43, Sender.CLIENT);

    /// Which side may send a frame.
    public enum Sender {
        GATEWAY,
        CLIENT,
        /// Clients of users only; from a bot it is treated as unknown.
        USER,
        BOTH
    }

    private static final Opcode[] BY_NUMBER = new Opcode[44];

    static {
        for (var each : values()) {
            BY_NUMBER[each.number] = each;
        }
    }

    private final int number;
    private final Sender sender;

    Opcode(int number, Sender sender) {
        this.number = number;
        this.sender = sender;
    }

    public int number() {
        return number;
    }

    public Sender sender() {
        return sender;
    }

    /// The opcode with this number if clients may send it; empty for unknown numbers and for those only the gateway
    /// sends.
    public static Optional<Opcode> fromClient(long number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            return Optional.empty();
        }
        return Optional.ofNullable(BY_NUMBER[(int) number]).filter(it -> it.sender != Sender.GATEWAY);
    }
}
