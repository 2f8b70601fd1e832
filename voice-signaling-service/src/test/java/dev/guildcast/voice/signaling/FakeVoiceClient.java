package dev.guildcast.voice.signaling;

import dev.guildcast.voice.call.VoiceConnection;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.call.VoiceSocket;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the voice gateway without a network.
final class FakeVoiceClient implements VoiceSocket {
    private final VoiceGateway gateway;
    private final VoiceConnection connection;
    final List<JsonNode> received = new ArrayList<>();

    @Nullable
    VoiceCloseCode closed;

    FakeVoiceClient(VoiceGateway gateway, int version) {
        this.gateway = gateway;
        connection = gateway.onOpened(this, version);
    }

    void say(String text) {
        gateway.onText(connection, text.getBytes(StandardCharsets.UTF_8));
    }

    void identify(long guild, long user, String session, String token) {
        say("{\"op\":0,\"d\":{\"server_id\":\"" + guild + "\",\"user_id\":\"" + user + "\",\"session_id\":\"" + session
                + "\",\"token\":\"" + token + "\",\"max_dave_protocol_version\":1}}");
    }

    void select(String mode) {
        say("{\"op\":1,\"d\":{\"protocol\":\"udp\",\"data\":{\"address\":\"127.0.0.1\",\"port\":1337,\"mode\":\"" + mode
                + "\"}}}");
    }

    void speak() {
        say("{\"op\":5,\"d\":{\"speaking\":1,\"delay\":0,\"ssrc\":" + ssrc() + "}}");
    }

    void resume(long guild, String session, String token, int seqAck) {
        say("{\"op\":7,\"d\":{\"server_id\":\"" + guild + "\",\"session_id\":\"" + session + "\",\"token\":\"" + token
                + "\",\"seq_ack\":" + seqAck + "}}");
    }

    void beat() {
        say("{\"op\":3,\"d\":{\"t\":18446744073709551615,\"seq_ack\":" + lastSequence() + "}}");
    }

    void drop() {
        gateway.onClosed(connection);
    }

    long ssrc() {
        return first(2).path("d").path("ssrc").asLong();
    }

    int lastSequence() {
        return received.stream()
                .filter(message -> message.has("seq"))
                .mapToInt(message -> message.path("seq").intValue())
                .max()
                .orElse(-1);
    }

    JsonNode first(int op) {
        return received.stream()
                .filter(message -> message.path("op").intValue() == op)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no op " + op + " in " + received + ", closed: " + closed));
    }

    List<Integer> ops() {
        return received.stream().map(message -> message.path("op").intValue()).toList();
    }

    @Override
    public void send(String text) {
        received.add(JsonMapper.shared().readTree(text));
    }

    @Override
    public void close(VoiceCloseCode code) {
        closed = code;
    }
}
