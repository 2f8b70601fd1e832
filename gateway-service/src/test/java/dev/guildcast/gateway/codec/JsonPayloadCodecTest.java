package dev.guildcast.gateway.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPayloadCodecTest {
    private final JsonPayloadCodec codec = new JsonPayloadCodec();

    @Test
    void gatewayFramesHaveAllFourKeys() {
        assertThat(text(codec.encode(Opcode.RECONNECT, "null", -1)))
                .isEqualTo("{\"t\":null,\"s\":null,\"op\":7,\"d\":null}");
        assertThat(text(codec.encode(Opcode.HEARTBEAT, "null", 5)))
                .isEqualTo("{\"t\":null,\"s\":5,\"op\":1,\"d\":null}");
    }

    @Test
    void dispatchesCarryTheSharedBytesUntouched() {
        var data = "{ \"a\" : 1e5 }".getBytes(StandardCharsets.UTF_8);
        var frame = codec.dispatch("TYPING_START", 2147483647, data);
        assertThat(text(frame)).isEqualTo("{\"t\":\"TYPING_START\",\"s\":2147483647,\"op\":0,\"d\":{ \"a\" : 1e5 }}");
        assertThat(frame.body()).isSameAs(data);
    }

    @Test
    void escapesATypeThatWouldBreakTheFrame() {
        assertThat(text(codec.dispatch("A\"B", 1, new byte[] {'1'})))
                .isEqualTo("{\"t\":\"A\\\"B\",\"s\":1,\"op\":0,\"d\":1}");
    }

    @Test
    void decodesAnIdentify() {
        var identify = (Payload.Identify) decode("""
                {"s":null,"op":2,"x":[1],"d":{"token":"Bot t","intents":513,"shard":[1,4],"compress":true,
                 "large_threshold":250,"properties":{"os":"Android"},"presence":{"status":"dnd","afk":true,
                 "since":91879201,"activities":[{"name":"chess","type":0,"url":"","id":"","created_at":"x"},
                 {"name":""},{"type":1},7,{"name":"y","type":99,"state":"z"}]}}}""");
        assertThat(identify.token()).isEqualTo("t");
        assertThat(identify.intents()).hasValue(513);
        assertThat(identify.shard()).contains(new Payload.ShardPair(1, 4));
        assertThat(identify.compress()).isTrue();
        assertThat(identify.largeThreshold()).hasValue(250);
        assertThat(identify.platform()).isEqualTo("mobile");
        assertThat(identify.presence())
                .contains(new Payload.PresenceUpdate(
                        "dnd",
                        List.of(
                                new Payload.Activity("chess", 0, Optional.empty(), Optional.empty()),
                                new Payload.Activity("y", 0, Optional.empty(), Optional.of("z"))),
                        91879201,
                        true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"\"}",
                "{\"status\":null,\"activities\":null,\"since\":{\"secs_since_epoch\":1}}",
                "{\"status\":\"unknown\",\"since\":\"x\",\"afk\":\"yes\",\"game\":{\"name\":\"g\"}}",
                "{\"since\":-5,\"activities\":\"x\"}",
                "{}"
            })
    void decodesInvalidPresencesAsOnline(String d) {
        assertThat(decode("{\"op\":3,\"d\":" + d + "}"))
                .isEqualTo(new Payload.PresenceUpdate("online", List.of(), 0, false));
    }

    @Test
    void decodesOfflineAsInvisible() {
        assertThat(decode("{\"op\":3,\"d\":{\"status\":\"offline\"}}"))
                .isEqualTo(new Payload.PresenceUpdate("invisible", List.of(), 0, false));
    }

    @Test
    void acceptsIdsAsTextOrNumber() {
        var asText = decode("{\"op\":4,\"d\":{\"guild_id\":\"12\",\"channel_id\":\"13\",\"self_mute\":true}}");
        var asNumber = decode("{\"op\":4,\"d\":{\"guild_id\":12,\"channel_id\":13,\"self_mute\":true}}");
        assertThat(asText).isEqualTo(asNumber).isEqualTo(new Payload.VoiceStateUpdate(12, 13, true, false, false, ""));
        assertThat(decode("{\"op\":4,\"d\":{\"guild_id\":12,\"channel_id\":null}}"))
                .isEqualTo(new Payload.VoiceStateUpdate(12, 0, false, false, false, ""));
        assertThat(decode("{\"op\":4,\"d\":{\"guild_id\":null,\"channel_id\":3}}"))
                .isEqualTo(new Payload.Ignored(Opcode.VOICE_STATE_UPDATE));
        assertThat(decode("{\"op\":4,\"d\":{\"guild_id\":\"x\"}}"))
                .isEqualTo(new Payload.Ignored(Opcode.VOICE_STATE_UPDATE));
    }

    @Test
    void decodesEveryFormOfAMemberRequest() {
        assertThat(decode("{\"op\":8,\"d\":{\"guild_id\":[\"12\"],\"query\":\"\",\"limit\":0,\"nonce\":\"\"}}"))
                .isEqualTo(new Payload.RequestMembers(
                        List.of(12L), Optional.of(""), 0, List.of(), false, Optional.empty()));
        assertThat(
                        decode(
                                "{\"op\":8,\"d\":{\"guild_id\":12,\"user_ids\":[\"1\",2,\"x\"],\"presences\":true,\"nonce\":\"12345678901234567890123456789012X\"}}"))
                .isEqualTo(new Payload.RequestMembers(
                        List.of(12L), Optional.empty(), 0, List.of("1", "2", "x"), true, Optional.empty()));
        assertThat(decode("{\"op\":8,\"d\":{\"guild_id\":12,\"user_ids\":\"1\",\"nonce\":\"n\"}}"))
                .isEqualTo(new Payload.RequestMembers(
                        List.of(12L), Optional.empty(), 0, List.of("1"), false, Optional.of("n")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"guild_id\":12}",
                "{\"query\":\"\"}",
                "{\"guild_id\":[],\"query\":\"\"}",
                "{\"guild_id\":\"x\",\"query\":\"\"}",
                "{\"guild_id\":0,\"query\":\"\"}"
            })
    void ignoresMemberRequestsWithoutCriteria(String d) {
        assertThat(decode("{\"op\":8,\"d\":" + d + "}")).isEqualTo(new Payload.Ignored(Opcode.REQUEST_GUILD_MEMBERS));
    }

    @Test
    void ignoresMoreThanAHundredUserIds() {
        var ids = "1,".repeat(100) + "1";
        assertThat(decode("{\"op\":8,\"d\":{\"guild_id\":12,\"user_ids\":[" + ids + "]}}"))
                .isInstanceOf(Payload.Ignored.class);
    }

    @Test
    void neverThrowsForAnyInput() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var template =
                "{\"op\":2,\"d\":{\"token\":\"t\",\"intents\":513,\"shard\":[0,1],\"presence\":{\"activities\":[{\"name\":\"x\"}]}}}";
        for (int i = 0; i < 20_000; i++) {
            var bytes =
                    template.replace("\"op\":2", "\"op\":" + random.nextInt(44)).getBytes(StandardCharsets.UTF_8);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(codec.decode(bytes)).as("seed %d", seed).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "\"x\"", "[]", "{\"op\":null}", "{\"op\":true}", "{", "{}", "\u0000"})
    void decodesNonPayloadsAsMalformed(String text) {
        assertThat(decode(text)).isInstanceOf(Payload.Malformed.class);
    }

    @Test
    void rejectsDeepNesting() {
        assertThat(decode("{\"op\":1,\"d\":" + "[".repeat(7000) + "]".repeat(7000) + "}"))
                .isInstanceOf(Payload.Malformed.class);
    }

    private Payload decode(String text) {
        return codec.decode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(dev.guildcast.gateway.codec.Frame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }
}
