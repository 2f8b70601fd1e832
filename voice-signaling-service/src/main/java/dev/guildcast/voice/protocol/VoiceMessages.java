package dev.guildcast.voice.protocol;

import dev.guildcast.voice.protocol.VoiceCommand.Heartbeat;
import dev.guildcast.voice.protocol.VoiceCommand.VideoStream;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes what clients are sent.
public final class VoiceMessages {
    /// From here on messages that may be sent again carry a number, and heartbeats are objects.
    public static final int NUMBERED_VERSION = 8;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int UNSIGNED_BYTE_MAX = 0xff;

    private VoiceMessages() {}

    /// A message without a number.
    public static String text(VoiceOpcode opcode, String d) {
        return "{\"op\":" + opcode.code() + ",\"d\":" + d + "}";
    }

    /// A message that may be sent again.
    public static String text(VoiceOpcode opcode, String d, int sequence) {
        return "{\"op\":" + opcode.code() + ",\"d\":" + d + ",\"seq\":" + sequence + "}";
    }

    public static String hello(int version, long heartbeatMillis) {
        String versioned = version >= NUMBERED_VERSION ? "\"v\":" + version + "," : "";
        return text(VoiceOpcode.HELLO, "{" + versioned + "\"heartbeat_interval\":" + heartbeatMillis + "}");
    }

    public static String heartbeatAck(Heartbeat heartbeat) {
        String nonce = heartbeat.nonce().toString();
        return text(VoiceOpcode.HEARTBEAT_ACK, heartbeat.nested() ? "{\"t\":" + nonce + "}" : nonce);
    }

    /// The `d` of Ready. One library drives its heartbeat by the interval in it.
    ///
    /// @param ssrcs the first one of sound, then one of video and one of its retransmission for each stream
    public static String ready(
            List<Integer> ssrcs, List<VideoStream> streams, String ip, int port, long heartbeatMillis) {
        String modes = EncryptionMode.offered().stream()
                .map(mode -> "\"" + mode + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        String video = IntStream.range(0, streams.size())
                .mapToObj(i -> stream(streams.get(i), ssrcs.get(2 * i + 1), ssrcs.get(2 * i + 2)))
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"ssrc\":" + unsigned(ssrcs.getFirst()) + ",\"ip\":\"" + ip + "\",\"port\":" + port + ",\"modes\":"
                + modes + ",\"experiments\":[],\"streams\":" + video + ",\"heartbeat_interval\":" + heartbeatMillis
                + "}";
    }

    private static String stream(VideoStream stream, int ssrc, int rtxSsrc) {
        return "{\"type\":" + JSON.writeValueAsString(stream.type()) + ",\"rid\":"
                + JSON.writeValueAsString(stream.rid()) + ",\"quality\":" + stream.quality() + ",\"ssrc\":"
                + unsigned(ssrc) + ",\"rtx_ssrc\":" + unsigned(rtxSsrc) + ",\"active\":false}";
    }

    /// The `d` of Session Description. Clients fail without the version of end-to-end encryption, also when it is off.
    public static String sessionDescription(EncryptionMode mode, byte[] key, String mediaSessionId) {
        String secret = IntStream.range(0, key.length)
                .mapToObj(i -> Integer.toString(key[i] & UNSIGNED_BYTE_MAX))
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"audio_codec\":\"opus\",\"video_codec\":\"H264\",\"media_session_id\":\"" + mediaSessionId
                + "\",\"mode\":\"" + mode.wireName() + "\",\"secret_key\":" + secret
                + ",\"dave_protocol_version\":0}";
    }

    /// The `d` of Clients Connect.
    public static String clientsConnect(Collection<Long> users) {
        return users.stream().map(VoiceMessages::quoted).collect(Collectors.joining(",", "{\"user_ids\":[", "]}"));
    }

    /// The `d` of Client Disconnect.
    public static String clientDisconnect(long user) {
        return "{\"user_id\":" + quoted(user) + "}";
    }

    /// The `d` of Speaking.
    public static String speaking(long user, int ssrc, int flags) {
        return "{\"user_id\":" + quoted(user) + ",\"ssrc\":" + unsigned(ssrc) + ",\"speaking\":" + flags + "}";
    }

    /// The `d` of Video, as the user sent it; it never names another's SSRC for sound.
    public static String video(long user, int ssrc, JsonNode d) {
        var relayed = ((ObjectNode) d).deepCopy();
        relayed.put("user_id", Long.toUnsignedString(user));
        relayed.put("audio_ssrc", Integer.toUnsignedLong(ssrc));
        return relayed.toString();
    }

    public static String backendVersion() {
        return text(VoiceOpcode.BACKEND_VERSION, "{\"voice\":\"guildcast\",\"rtc_worker\":\"guildcast\"}");
    }

    private static String quoted(long id) {
        return "\"" + Long.toUnsignedString(id) + "\"";
    }

    private static String unsigned(int ssrc) {
        return Integer.toUnsignedString(ssrc);
    }
}
