package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PacketSealerTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final int HEADER_BYTES = 16;

    /// A header with an extension's preamble, and behind it the extension's body and five bytes of sound.
    private static final byte[] CLEAR = HEX.parseHex("90780001000003c000000042bede0001" + "10ff0000f8fffe");

    private final TransportKey key =
            TransportKey.of(HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));

    /// Made with OpenSSL, by Python's cryptography, and with libsodium, by PyNaCl.
    private static String sealedElsewhere(EncryptionMode mode) {
        return switch (mode) {
            case AEAD_AES256_GCM_RTPSIZE ->
                "90780001000003c000000042bede0001fe24cfea7d9625e114cf369781e9312c7182adb7752a2407000000";
            case AEAD_XCHACHA20_POLY1305_RTPSIZE ->
                "90780001000003c000000042bede0001d8125e14b752e4e7433a989ae2dea9f94ebd318047adf707000000";
        };
    }

    @ParameterizedTest
    @EnumSource
    void sealsAsOtherLibrariesDo(EncryptionMode mode) {
        var sealed = ByteBuffer.allocate(64);
        var sealer = mode.sealer(key, new CountingNonces(7, true));
        assertThat(sealer.seal(ByteBuffer.wrap(CLEAR), HEADER_BYTES, sealed)).isTrue();
        assertThat(HEX.formatHex(sealed.array(), 0, sealed.position())).isEqualTo(sealedElsewhere(mode));
    }

    @ParameterizedTest
    @EnumSource
    void opensWhatOtherLibrariesSealedWhereverItLiesInItsBuffer(EncryptionMode mode) {
        byte[] packet = HEX.parseHex(sealedElsewhere(mode));
        var sealed = ByteBuffer.allocate(100).position(9).put(packet).flip().position(9);
        var clear = ByteBuffer.allocate(100).position(3).slice();
        assertThat(mode.opener(key).open(sealed, HEADER_BYTES, clear)).isTrue();
        assertThat(sealed.position()).isEqualTo(9);
        var text = new byte[clear.position()];
        clear.flip().get(text);
        assertThat(text).isEqualTo(CLEAR);
    }

    @ParameterizedTest
    @EnumSource
    void opensNothingThatWasChangedOrCutShort(EncryptionMode mode) {
        byte[] packet = HEX.parseHex(sealedElsewhere(mode));
        var opener = mode.opener(key);
        var clear = ByteBuffer.allocate(100);
        for (int bit = 0; bit < packet.length * Byte.SIZE; bit++) {
            byte[] changed = packet.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(opener.open(ByteBuffer.wrap(changed), HEADER_BYTES, clear))
                    .as("bit " + bit)
                    .isFalse();
        }
        for (int bytes = 0; bytes < packet.length; bytes++) {
            assertThat(opener.open(ByteBuffer.wrap(packet, 0, bytes), HEADER_BYTES, clear))
                    .as(bytes + " bytes")
                    .isFalse();
        }
        assertThat(clear.position()).isZero();
        assertThat(opener.open(ByteBuffer.wrap(packet), HEADER_BYTES, clear)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void opensOnlyWithTheKeyThatSealed(EncryptionMode mode) {
        byte[] other = key.getEncoded();
        other[31]++;
        assertThat(mode.opener(TransportKey.of(other))
                        .open(
                                ByteBuffer.wrap(HEX.parseHex(sealedElsewhere(mode))),
                                HEADER_BYTES,
                                ByteBuffer.allocate(99)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void neitherSealsNorOpensWithTheKeyOnceItWasWiped(EncryptionMode mode) {
        var sealer = mode.sealer(key, new CountingNonces(7, true));
        var opener = mode.opener(key);
        sealer.wipe();
        opener.wipe();
        sealer.wipe();
        assertThat(opened(opener, mode)).isFalse();
        var sealed = ByteBuffer.allocate(64);
        try {
            sealer.seal(ByteBuffer.wrap(CLEAR), HEADER_BYTES, sealed);
        } catch (IllegalStateException refused) {
            return;
        }
        assertThat(HEX.formatHex(sealed.array(), 0, sealed.position())).isNotEqualTo(sealedElsewhere(mode));
    }

    private static boolean opened(PacketOpener opener, EncryptionMode mode) {
        try {
            return opener.open(
                    ByteBuffer.wrap(HEX.parseHex(sealedElsewhere(mode))), HEADER_BYTES, ByteBuffer.allocate(99));
        } catch (IllegalStateException refused) {
            return false;
        }
    }

    @Test
    void sealsNothingWithoutANonce() {
        var none = new Nonces() {
            @Override
            public boolean exhausted() {
                return true;
            }

            @Override
            public int next() {
                throw new AssertionError("there is none");
            }
        };
        var sealed = ByteBuffer.allocate(64);
        var sealer = EncryptionMode.AEAD_AES256_GCM_RTPSIZE.sealer(key, none);
        assertThat(sealer.seal(ByteBuffer.wrap(CLEAR), HEADER_BYTES, sealed)).isFalse();
        assertThat(sealed.position()).isZero();
    }

    @Test
    void refusesABufferThatIsTooSmall() {
        var sealer = EncryptionMode.AEAD_AES256_GCM_RTPSIZE.sealer(key, new CountingNonces(0, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer.seal(
                        ByteBuffer.wrap(CLEAR),
                        HEADER_BYTES,
                        ByteBuffer.allocate(CLEAR.length + PacketSealer.OVERHEAD_BYTES - 1)));
    }
}
