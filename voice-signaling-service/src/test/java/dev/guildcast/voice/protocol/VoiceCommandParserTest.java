package dev.guildcast.voice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.protocol.VoiceCommand.Heartbeat;
import dev.guildcast.voice.protocol.VoiceCommand.Identify;
import dev.guildcast.voice.protocol.VoiceCommand.Ignored;
import dev.guildcast.voice.protocol.VoiceCommand.Rejected;
import dev.guildcast.voice.protocol.VoiceCommand.Resume;
import dev.guildcast.voice.protocol.VoiceCommand.SelectProtocol;
import dev.guildcast.voice.protocol.VoiceCommand.Speaking;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What libraries send, with their peculiarities, and what nobody should.
class VoiceCommandParserTest {
    @Test
    void readsIdentifyWithKeysThatItDoesNotKnow() {
        assertThat(parse("{\"op\":0,\"d\":{\"server_id\":\"41771983423143937\",\"user_id\":\"104694319306248192\","
                        + "\"session_id\":\"my_session\",\"token\":\"t\",\"video\":true,\"max_dave_protocol_version\":1,"
                        + "\"streams\":[{\"type\":\"video\",\"rid\":\"100\",\"quality\":100}],\"new\":[]}}"))
                .isInstanceOfSatisfying(Identify.class, identify -> {
                    assertThat(identify.server()).isEqualTo(41_771_983_423_143_937L);
                    assertThat(identify.streams()).hasSize(1);
                    assertThat(identify.toString()).isEqualTo("Identify");
                });
    }

    @Test
    void echoesANonceAsItCame() {
        assertThat(ack("{\"op\":3,\"d\":18446744073709551615}")).isEqualTo("{\"op\":6,\"d\":18446744073709551615}");
        assertThat(ack("{\"op\":3,\"d\":{\"t\":1501184119561,\"seq_ack\":10}}"))
                .isEqualTo("{\"op\":6,\"d\":{\"t\":1501184119561}}");
        assertThat(ack("{\"op\":3,\"d\":1501184119561.25}")).isEqualTo("{\"op\":6,\"d\":1501184119561.25}");
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "-1, -1", "-2, 65534", "null, -1", "65535, 65535"})
    void readsTheLastNumberAsItsSenderMeantIt(String written, int meant) {
        assertThat(parse("{\"op\":7,\"d\":{\"server_id\":\"1\",\"session_id\":\"s\",\"token\":\"t\",\"seq_ack\":"
                        + written + "}}"))
                .isInstanceOfSatisfying(
                        Resume.class, resume -> assertThat(resume.seqAck()).isEqualTo(meant));
    }

    @Test
    void readsSpeakingAsFlagsAndAsBool() {
        assertThat(parse("{\"op\":5,\"d\":{\"speaking\":5,\"delay\":0,\"ssrc\":4294967295}}"))
                .isEqualTo(new Speaking(5, -1));
        assertThat(parse("{\"op\":5,\"d\":{\"speaking\":true,\"delay\":0}}")).isEqualTo(new Speaking(1, 0));
    }

    @Test
    void readsThePayloadTypeOfOpusAndOtherwiseTakesTheUsualOne() {
        assertThat(parse("{\"op\":1,\"d\":{\"protocol\":\"udp\",\"address\":\"x\",\"data\":{\"mode\":\"m\"}}}"))
                .isEqualTo(new SelectProtocol("udp", "m", 120));
        assertThat(parse("{\"op\":1,\"d\":{\"protocol\":\"webrtc\",\"data\":\"a=ice\",\"codecs\":[{\"name\":\"opus\","
                        + "\"payload_type\":111}]}}"))
                .isEqualTo(new SelectProtocol("webrtc", "", 111));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"op\":0}",
                "{\"op\":1.5,\"d\":{}}",
                "{\"op\":3}",
                "{\"op\":3,\"d\":[1]}",
                "{\"op\":5,\"d\":{\"speaking\":\"yes\"}}",
                "{\"op\":5,\"d\":{\"speaking\":1,\"ssrc\":4294967296}}",
                "{\"op\":7,\"d\":{\"server_id\":\"x\",\"session_id\":\"s\",\"token\":\"t\"}}",
                "{\"op\":12,\"d\":7}"
            })
    void rejectsWhatIsMissingOrOfTheWrongType(String text) {
        assertThat(parse(text)).isEqualTo(new Rejected(VoiceCloseCode.DECODE_ERROR));
    }

    @Test
    void rejectsALongTextUnlessItSelectsAProtocol() {
        String filler = "\"x\":\"" + "y".repeat(5000) + "\"";
        assertThat(parse("{\"op\":3,\"d\":1," + filler + "}")).isEqualTo(new Rejected(VoiceCloseCode.DECODE_ERROR));
        assertThat(parse("{\"op\":1,\"d\":{\"protocol\":\"webrtc\"," + filler + "}}"))
                .isInstanceOf(SelectProtocol.class);
    }

    @Test
    void knowsTheOpcodesOfEndToEndEncryptionThatClientsSendAndNoOthers() {
        assertThat(VoiceCommandParser.parseBinary(new byte[] {26, 1, 2}))
                .isEqualTo(new Ignored(VoiceOpcode.MLS_KEY_PACKAGE));
        assertThat(VoiceCommandParser.parseBinary(new byte[] {25, 1}))
                .isEqualTo(new Rejected(VoiceCloseCode.UNKNOWN_OPCODE));
        assertThat(VoiceCommandParser.parseBinary(new byte[0])).isEqualTo(new Rejected(VoiceCloseCode.DECODE_ERROR));
        assertThat(parse("{\"op\":23,\"d\":{\"transition_id\":1}}"))
                .isEqualTo(new Ignored(VoiceOpcode.DAVE_TRANSITION_READY));
    }

    private static VoiceCommand parse(String text) {
        return VoiceCommandParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String ack(String text) {
        return VoiceMessages.heartbeatAck((Heartbeat) parse(text));
    }
}
