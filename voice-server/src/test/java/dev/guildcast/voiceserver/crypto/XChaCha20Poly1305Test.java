package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class XChaCha20Poly1305Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    private static final byte[] NONCE = HEX.parseHex("404142434445464748494a4b4c4d4e4f5051525354555657");
    private static final byte[] HEADER = HEX.parseHex("50515253c0c1c2c3c4c5c6c7");
    private static final byte[] TEXT =
            ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
                            + "the future, sunscreen would be it.")
                    .getBytes(StandardCharsets.US_ASCII);

    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    private static final String SEALED = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
            + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
            + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
            + "21f9664c97637da9768812f615c68b13b52e"
            + "c0875924c1c7987947deafd8780acf49";

    private final XChaCha20Poly1305 cipher = new XChaCha20Poly1305(TransportKey.of(KEY));

    @Test
    void sealsAsTheDraftDoes() {
        cipher.setNonce(NONCE);
        var out = new byte[TEXT.length + Aead.TAG_BYTES];
        cipher.seal(span(HEADER, TEXT), out, 0);
        assertThat(HEX.formatHex(out)).isEqualTo(SEALED);
    }

    @Test
    void opensWhatTheDraftSealedAndNothingThatDiffersInOneBit() {
        cipher.setNonce(NONCE);
        byte[] sealed = HEX.parseHex(SEALED);
        var out = new byte[sealed.length];
        assertThat(cipher.open(span(HEADER, sealed), out, 0)).isTrue();
        assertThat(out).startsWith(TEXT);
        for (int bit = 0; bit < (HEADER.length + sealed.length) * Byte.SIZE; bit++) {
            var span = span(HEADER, sealed);
            span.bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(cipher.open(span, out, 0)).as("bit " + bit).isFalse();
        }
    }

    private static Aead.Span span(byte[] header, byte[] text) {
        var span = new Aead.Span();
        span.bytes = new byte[header.length + text.length];
        System.arraycopy(header, 0, span.bytes, 0, header.length);
        System.arraycopy(text, 0, span.bytes, header.length, text.length);
        span.headerBytes = header.length;
        span.textBytes = text.length;
        return span;
    }
}
