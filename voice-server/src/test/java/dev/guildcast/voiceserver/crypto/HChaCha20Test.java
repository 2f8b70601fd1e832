package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HChaCha20Test {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void derivesTheSubkeyOfTheDraft() {
        // draft-irtf-cfrg-xchacha-03, section 2.2.1.
        var key = HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        var nonce = HEX.parseHex("000000090000004a0000000031415927");
        var subkey = new byte[32];
        HChaCha20.derive(key, nonce, subkey);
        assertThat(HEX.formatHex(subkey)).isEqualTo("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc");
    }
}
