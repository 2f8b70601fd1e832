package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.dv8tion.jda.internal.audio.AudioEncryption;
import net.dv8tion.jda.internal.audio.AudioPacket;
import net.dv8tion.jda.internal.audio.CryptoAdapter;
import net.dv8tion.jda.internal.utils.ResizingByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ciphers of JDA, as it ships, against ours.
class JdaCipherTest {
    private static final int HEADER_BYTES = 12;
    private static final byte[] SOUND = {(byte) 0xf8, (byte) 0xff, (byte) 0xfe, 1, 2, 3};

    private final TransportKey key = TransportKey.of(
            new byte[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2
            });

    @ParameterizedTest
    @EnumSource
    void opensWhatJdaSealed(EncryptionMode mode) {
        var jda = adapter(mode);
        var opener = mode.opener(key);
        for (char sequence = 0; sequence < 300; sequence++) {
            var sent = new ResizingByteBuffer(ByteBuffer.allocate(1));
            new AudioPacket(sequence, sequence * 960, 4711, ByteBuffer.wrap(SOUND)).asEncryptedPacket(jda, sent);
            var clear = ByteBuffer.allocate(100);
            var sealed = ByteBuffer.allocate(200).put(sent.buffer()).flip();
            assertThat(opener.open(sealed, HEADER_BYTES, clear)).isTrue();
            clear.flip();
            assertThat((int) clear.getShort(2)).isEqualTo(sequence);
            assertThat(clear.slice(HEADER_BYTES, clear.limit() - HEADER_BYTES)).isEqualTo(ByteBuffer.wrap(SOUND));
        }
    }

    @ParameterizedTest
    @EnumSource
    void jdaOpensWhatWasSealedHere(EncryptionMode mode) {
        var jda = adapter(mode);
        var sealer = mode.sealer(key, new ServerNonces(12345));
        for (char sequence = 0; sequence < 300; sequence++) {
            var clear = ByteBuffer.allocate(HEADER_BYTES + SOUND.length)
                    .putShort((short) 0x8078)
                    .putShort((short) sequence)
                    .putInt(sequence * 960)
                    .putInt(4711)
                    .put(SOUND)
                    .flip();
            var sealed = ByteBuffer.allocate(100);
            assertThat(sealer.seal(clear, HEADER_BYTES, sealed)).isTrue();
            var packet = new byte[sealed.flip().remaining()];
            sealed.get(packet);
            var opened = new AudioPacket(packet)
                    .asDecryptAudioPacket(jda, 1, new ResizingByteBuffer(ByteBuffer.allocate(1)));
            assertThat(opened).isNotNull();
            assertThat(opened.getSSRC()).isEqualTo(4711);
            assertThat(opened.getEncodedAudio()).isEqualTo(ByteBuffer.wrap(SOUND));
        }
    }

    private CryptoAdapter adapter(EncryptionMode mode) {
        return CryptoAdapter.getAdapter(AudioEncryption.forMode(mode.wireName()), key.getEncoded());
    }
}
