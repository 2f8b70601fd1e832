package dev.guildcast.gateway.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final int SEED = 7;

    @Test
    void agreesWithTheDecoderOfThePlatformOnAllSequencesOfThreeBytes() {
        for (int i = 0; i < 1 << 24; i += 3) {
            byte[] bytes = {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
            if (Utf8.isValid(bytes) != isDecodable(bytes)) {
                assertThat(Utf8.isValid(bytes)).as("%06x", i).isEqualTo(isDecodable(bytes));
            }
        }
    }

    @Test
    void agreesWithTheDecoderOfThePlatformOnSequencesOfFourBytes() {
        var random = new Random(SEED);
        for (int lead = 0xe0; lead <= 0xff; lead++) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = {
                    (byte) lead,
                    (byte) (0x70 + random.nextInt(0x60)),
                    (byte) (0x78 + random.nextInt(0x50)),
                    (byte) (0x78 + random.nextInt(0x50))
                };
                assertThat(Utf8.isValid(bytes)).isEqualTo(isDecodable(bytes));
            }
        }
    }

    private static boolean isDecodable(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }
}
