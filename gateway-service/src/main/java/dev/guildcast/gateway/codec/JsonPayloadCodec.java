package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The codec of `encoding=json`. It is strict where a client's mistake would affect its whole session (the envelope;
/// token, intents and shard of Identify), and lenient where libraries are known to send invalid values.
public final class JsonPayloadCodec implements PayloadCodec {
    private static final String[] TOKEN_PREFIXES = {"Bot ", "Bearer "};
    private static final byte[] CLOSING_BRACE = {'}'};

    /// What follows the sequence in the head of a dispatch.
    static final byte[] BEHIND_SEQUENCE = ",\"op\":0,\"d\":".getBytes(StandardCharsets.US_ASCII);

    /// Heads that are kept: above the number of event types, and a bound if a backend invents types without end.
    private static final int HEADS_MAX = 512;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /// The begin of a dispatch's head by its type.
    private final ConcurrentMap<String, byte[]> heads = new ConcurrentHashMap<>();

    private final Frame heartbeatAck = frame(Opcode.HEARTBEAT_ACK, "null", -1);

    @Override
    public Payload decode(byte[] message) {
        // The parser accepts overlong forms.
        if (!Utf8.isValid(message)) {
            return new Payload.InvalidUtf8();
        }
        JsonNode root;
        try {
            root = mapper.readTree(message);
        } catch (JacksonException e) {
            return new Payload.Malformed("not JSON");
        }
        if (!root.isObject()) {
            return new Payload.Malformed("not an object");
        }
        var op = root.path("op");
        if (!op.isIntegralNumber()) {
            return new Payload.Malformed("op is not an integer");
        }
        if (!op.canConvertToLong()) {
            return new Payload.Unknown(-1);
        }
        var opcode = Opcode.fromClient(op.longValue());
        if (opcode.isEmpty()) {
            return new Payload.Unknown(op.longValue());
        }
        var d = root.path("d");
        return switch (opcode.get()) {
            case HEARTBEAT -> new Payload.Heartbeat(false);
            case QOS_HEARTBEAT -> new Payload.Heartbeat(true);
            case IDENTIFY -> d.isObject() ? identify(d) : notAnObject();
            case RESUME -> d.isObject() ? resume(d) : notAnObject();
            case PRESENCE_UPDATE -> d.isObject() ? JsonCommandParser.presence(d) : notAnObject();
            case VOICE_STATE_UPDATE -> d.isObject() ? JsonCommandParser.voiceState(d) : notAnObject();
            case REQUEST_GUILD_MEMBERS -> d.isObject() ? JsonCommandParser.requestMembers(d) : notAnObject();
            case VOICE_SERVER_PING,
                    CALL_CONNECT,
                    GUILD_SUBSCRIPTIONS,
                    LOBBY_VOICE_STATES,
                    STREAM_CREATE,
                    STREAM_DELETE,
                    STREAM_WATCH,
                    STREAM_PING,
                    STREAM_SET_PAUSED,
                    FORUM_UNREADS,
                    REMOTE_COMMAND,
                    REQUEST_DELETED_ENTITY_IDS,
                    REQUEST_SOUNDBOARD_SOUNDS,
                    SPEED_TEST_CREATE,
                    SPEED_TEST_DELETE,
                    REQUEST_LAST_MESSAGES,
                    SEARCH_RECENT_MEMBERS,
                    REQUEST_CHANNEL_STATUSES,
                    GUILD_SUBSCRIPTIONS_BULK,
                    GUILD_CHANNELS_RESYNC,
                    REQUEST_CHANNEL_MEMBER_COUNT,
                    TIME_SPENT_SESSION,
                    LOBBY_VOICE_SERVER_PING,
                    REQUEST_CHANNEL_INFO -> new Payload.Ignored(opcode.get());
            case DISPATCH, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK -> new Payload.Unknown(op.longValue());
        };
    }

    private static Payload notAnObject() {
        return new Payload.Malformed("d is not an object");
    }

    private static Payload identify(JsonNode d) {
        var token = d.path("token");
        if (!token.isString()) {
            return new Payload.Malformed("token is not a string");
        }
        var intents = OptionalLong.empty();
        var bits = d.path("intents");
        if (bits.isIntegralNumber()) {
            // A value that does not fit has unknown bits, and -1 sets all of them.
            intents = OptionalLong.of(bits.canConvertToLong() ? bits.longValue() : -1);
        } else if (isPresent(bits)) {
            return new Payload.Malformed("intents is not an integer");
        }
        Optional<Payload.ShardPair> shard = Optional.empty();
        var pair = d.path("shard");
        if (isPresent(pair)) {
            if (!pair.isArray() || pair.size() != 2 || !isLong(pair.path(0)) || !isLong(pair.path(1))) {
                return new Payload.Malformed("shard is not a pair of integers");
            }
            shard = Optional.of(
                    new Payload.ShardPair(pair.path(0).longValue(), pair.path(1).longValue()));
        }
        var threshold = d.path("large_threshold");
        var presence = d.path("presence");
        return new Payload.Identify(
                withoutPrefix(token.stringValue()),
                intents,
                shard,
                d.path("compress").isBoolean() && d.path("compress").booleanValue(),
                threshold.isIntegralNumber() && threshold.canConvertToInt()
                        ? OptionalInt.of(threshold.intValue())
                        : OptionalInt.empty(),
                presence.isObject() ? Optional.of(JsonCommandParser.presence(presence)) : Optional.empty(),
                platform(d.path("properties")));
    }

    private static Payload resume(JsonNode d) {
        var token = d.path("token");
        if (!token.isString()) {
            return new Payload.Malformed("token is not a string");
        }
        var id = d.path("session_id");
        var sequence = d.path("seq");
        return new Payload.Resume(
                withoutPrefix(token.stringValue()),
                id.isString() ? Optional.of(id.stringValue()) : Optional.empty(),
                isLong(sequence) ? OptionalLong.of(sequence.longValue()) : OptionalLong.empty());
    }

    /// The `client_status` key under which a user's session is shown.
    private static String platform(JsonNode properties) {
        var os = textOrEmpty(properties, "os") + textOrEmpty(properties, "$os");
        var browser = textOrEmpty(properties, "browser") + textOrEmpty(properties, "$browser");
        if (browser.startsWith("Discord Android") || browser.startsWith("Discord iOS")) {
            return "mobile";
        }
        if (os.equalsIgnoreCase("android") || os.equalsIgnoreCase("ios")) {
            return "mobile";
        }
        return browser.startsWith("Discord Client") ? "desktop" : "web";
    }

    private static String textOrEmpty(JsonNode object, String key) {
        var value = object.path(key);
        return value.isString() ? value.stringValue() : "";
    }

    private static String withoutPrefix(String token) {
        for (var prefix : TOKEN_PREFIXES) {
            if (token.startsWith(prefix)) {
                return token.substring(prefix.length());
            }
        }
        return token;
    }

    private static boolean isPresent(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    @Override
    public Frame encode(Opcode opcode, String data, int sequence) {
        return opcode == Opcode.HEARTBEAT_ACK ? heartbeatAck : frame(opcode, data, sequence);
    }

    private static Frame frame(Opcode opcode, String data, int sequence) {
        return Frame.text("{\"t\":null,\"s\":" + (sequence < 0 ? "null" : sequence) + ",\"op\":" + opcode.number()
                + ",\"d\":" + data + "}");
    }

    @Override
    public Frame dispatch(String type, int sequence, byte[] data) {
        var begin = heads.get(type);
        if (begin == null) {
            begin = ("{\"t\":" + quoted(type) + ",\"s\":").getBytes(StandardCharsets.UTF_8);
            if (heads.size() < HEADS_MAX) {
                heads.put(type, begin);
            }
        }
        return new Frame(false, head(begin, sequence), data, CLOSING_BRACE);
    }

    /// @param sequence not negative
    private static byte[] head(byte[] begin, int sequence) {
        int digits = 1;
        for (int rest = sequence / 10; rest > 0; rest /= 10) {
            digits++;
        }
        var head = Arrays.copyOf(begin, begin.length + digits + BEHIND_SEQUENCE.length);
        int rest = sequence;
        for (int i = begin.length + digits - 1; i >= begin.length; i--, rest /= 10) {
            head[i] = (byte) ('0' + rest % 10);
        }
        System.arraycopy(BEHIND_SEQUENCE, 0, head, begin.length + digits, BEHIND_SEQUENCE.length);
        return head;
    }

    private String quoted(String type) {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                return mapper.writeValueAsString(type);
            }
        }
        return '"' + type + '"';
    }
}
