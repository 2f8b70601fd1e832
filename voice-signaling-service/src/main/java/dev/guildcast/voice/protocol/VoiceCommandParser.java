package dev.guildcast.voice.protocol;

import dev.guildcast.voice.protocol.VoiceCommand.BackendVersion;
import dev.guildcast.voice.protocol.VoiceCommand.Heartbeat;
import dev.guildcast.voice.protocol.VoiceCommand.Identify;
import dev.guildcast.voice.protocol.VoiceCommand.Ignored;
import dev.guildcast.voice.protocol.VoiceCommand.Rejected;
import dev.guildcast.voice.protocol.VoiceCommand.Resume;
import dev.guildcast.voice.protocol.VoiceCommand.SelectProtocol;
import dev.guildcast.voice.protocol.VoiceCommand.Speaking;
import dev.guildcast.voice.protocol.VoiceCommand.Video;
import dev.guildcast.voice.protocol.VoiceCommand.VideoStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses what clients send. Unknown keys are ignored; what is missing or of the wrong type closes the connection.
public final class VoiceCommandParser {
    /// JSON of anything but Select Protocol, which carries the offer of a browser.
    static final int TEXT_BYTES_MAX = 4096;

    /// A client that sends three sizes of a camera and of a screen names six; more is a mistake.
    private static final int VIDEO_STREAMS_MAX = 6;

    private static final int OPUS = 120;
    private static final int PAYLOAD_TYPE_MAX = 127;
    private static final int SEQUENCES = 65_536;
    private static final long UNSIGNED_INT_MAX = 0xffff_ffffL;

    /// Numbers keep their digits: a nonce is echoed as it came.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private VoiceCommandParser() {}

    public static VoiceCommand parse(byte[] text) {
        try {
            JsonNode message = JSON.readTree(text);
            if (!message.path("op").isInt()) {
                return new Rejected(VoiceCloseCode.DECODE_ERROR);
            }
            var opcode = VoiceOpcode.of(message.path("op").intValue());
            if (opcode.isEmpty()) {
                return new Rejected(VoiceCloseCode.UNKNOWN_OPCODE);
            }
            if (text.length > TEXT_BYTES_MAX && opcode.get() != VoiceOpcode.SELECT_PROTOCOL) {
                return new Rejected(VoiceCloseCode.DECODE_ERROR);
            }
            return parse(opcode.get(), message.path("d"));
        } catch (JacksonException | NumberFormatException notACommand) {
            return new Rejected(VoiceCloseCode.DECODE_ERROR);
        }
    }

    private static VoiceCommand parse(VoiceOpcode opcode, JsonNode d) {
        return switch (opcode) {
            case IDENTIFY -> identify(d);
            case SELECT_PROTOCOL -> selectProtocol(d);
            case HEARTBEAT -> heartbeat(d);
            case SPEAKING -> speaking(d);
            case RESUME ->
                new Resume(
                        id(d.path("server_id")),
                        requiredText(d.path("session_id")),
                        requiredText(d.path("token")),
                        sequence(d.path("seq_ack")));
            case VIDEO ->
                d.isObject() ? new Video(ssrc(d.path("audio_ssrc")), d) : new Rejected(VoiceCloseCode.DECODE_ERROR);
            case BACKEND_VERSION -> new BackendVersion();
            case SIGNAL,
                    SESSION_UPDATE,
                    MEDIA_SINK_WANTS,
                    CHANNEL_OPTIONS,
                    CLIENT_FLAGS,
                    SPEED_TEST,
                    CLIENT_PLATFORM,
                    DAVE_TRANSITION_READY,
                    MLS_KEY_PACKAGE,
                    MLS_COMMIT_WELCOME,
                    MLS_INVALID_COMMIT_WELCOME,
                    NO_ROUTE -> new Ignored(opcode);
            case READY,
                    SESSION_DESCRIPTION,
                    HEARTBEAT_ACK,
                    HELLO,
                    RESUMED,
                    CLIENTS_CONNECT,
                    CLIENT_DISCONNECT,
                    DAVE_PREPARE_TRANSITION,
                    DAVE_EXECUTE_TRANSITION,
                    DAVE_PREPARE_EPOCH,
                    MLS_EXTERNAL_SENDER,
                    MLS_PROPOSALS,
                    MLS_ANNOUNCE_COMMIT,
                    MLS_WELCOME -> new Rejected(VoiceCloseCode.UNKNOWN_OPCODE);
        };
    }

    /// @param frame first byte: the opcode
    public static VoiceCommand parseBinary(byte[] frame) {
        if (frame.length == 0) {
            return new Rejected(VoiceCloseCode.DECODE_ERROR);
        }
        var opcode = VoiceOpcode.of(Byte.toUnsignedInt(frame[0]));
        return opcode.filter(each -> each == VoiceOpcode.MLS_KEY_PACKAGE || each == VoiceOpcode.MLS_COMMIT_WELCOME)
                .<VoiceCommand>map(Ignored::new)
                .orElse(new Rejected(VoiceCloseCode.UNKNOWN_OPCODE));
    }

    private static VoiceCommand identify(JsonNode d) {
        var streams = new ArrayList<VideoStream>();
        for (JsonNode stream : d.path("streams")) {
            streams.add(new VideoStream(
                    stream.path("type").asString("video"),
                    stream.path("rid").asString(""),
                    stream.path("quality").asInt(0)));
        }
        if (streams.size() > VIDEO_STREAMS_MAX) {
            return new Rejected(VoiceCloseCode.BAD_REQUEST);
        }
        return new Identify(
                id(d.path("server_id")),
                id(d.path("user_id")),
                requiredText(d.path("session_id")),
                requiredText(d.path("token")),
                List.copyOf(streams));
    }

    private static VoiceCommand selectProtocol(JsonNode d) {
        int payloadType = OPUS;
        for (JsonNode codec : d.path("codecs")) {
            if (codec.path("name").asString("").equals("opus")) {
                payloadType = codec.path("payload_type").asInt(OPUS);
            }
        }
        if (payloadType < 0 || payloadType > PAYLOAD_TYPE_MAX) {
            return new Rejected(VoiceCloseCode.BAD_REQUEST);
        }
        return new SelectProtocol(
                requiredText(d.path("protocol")), d.path("data").path("mode").asString(""), payloadType);
    }

    private static VoiceCommand heartbeat(JsonNode d) {
        JsonNode nonce = d.isObject() ? d.path("t") : d;
        if (nonce.isMissingNode() || nonce.isContainer()) {
            return new Rejected(VoiceCloseCode.DECODE_ERROR);
        }
        return new Heartbeat(nonce, d.isObject(), sequence(d.path("seq_ack")));
    }

    /// Some clients send a bool, as before version 4.
    private static VoiceCommand speaking(JsonNode d) {
        JsonNode speaking = d.path("speaking");
        if (!speaking.isBoolean() && !speaking.isInt()) {
            return new Rejected(VoiceCloseCode.DECODE_ERROR);
        }
        int flags = speaking.isBoolean() ? speaking.booleanValue() ? 1 : 0 : speaking.intValue();
        return new Speaking(flags, ssrc(d.path("ssrc")));
    }

    private static long id(JsonNode node) {
        if (node.isString()) {
            return Long.parseUnsignedLong(node.stringValue());
        }
        if (node.isIntegralNumber()) {
            return node.asLong();
        }
        throw new NumberFormatException("no id");
    }

    /// Unsigned; 0 if there is none.
    private static int ssrc(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            return 0;
        }
        long value = node.longValue();
        if (value < 0 || value > UNSIGNED_INT_MAX) {
            throw new NumberFormatException("no SSRC");
        }
        return (int) value;
    }

    /// Some clients read it as signed: below -1 they mean a value above 32 767.
    private static int sequence(JsonNode node) {
        if (!node.isInt()) {
            return -1;
        }
        int value = node.intValue();
        return value < -1 ? value + SEQUENCES : value;
    }

    private static String requiredText(JsonNode node) {
        if (!node.isString()) {
            throw new NumberFormatException("no text");
        }
        return node.stringValue();
    }
}
