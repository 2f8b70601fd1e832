package dev.guildcast.voiceserver.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How packets between a native client and this server are encrypted. Public protocol: the names are those of `modes`
/// in Ready and of `mode` in Select Protocol.
public enum EncryptionMode {
    /// Preferred: the cheaper of the two where the processor has AES.
    AEAD_AES256_GCM_RTPSIZE("aead_aes256_gcm_rtpsize") {
        @Override
        Aead aead(TransportKey key) {
            return new AesGcm(key);
        }
    },
    /// Every client has it.
    AEAD_XCHACHA20_POLY1305_RTPSIZE("aead_xchacha20_poly1305_rtpsize") {
        @Override
        Aead aead(TransportKey key) {
            return new XChaCha20Poly1305(key);
        }
    };

    private final String wireName;

    EncryptionMode(String wireName) {
        this.wireName = wireName;
    }

    /// The names in the order in which they are offered; some clients take the first that they know.
    public static List<String> offered() {
        return Arrays.stream(values()).map(EncryptionMode::wireName).toList();
    }

    public static Optional<EncryptionMode> named(String wireName) {
        return Arrays.stream(values())
                .filter(mode -> mode.wireName.equals(wireName))
                .findFirst();
    }

    public String wireName() {
        return wireName;
    }

    /// @param key copied; the sealer's copy goes with [PacketSealer#wipe]
    public PacketSealer sealer(TransportKey key, Nonces nonces) {
        return new PacketSealer(aead(key), nonces);
    }

    /// @param key copied; the opener's copy goes with [PacketOpener#wipe]
    public PacketOpener opener(TransportKey key) {
        return new PacketOpener(aead(key));
    }

    abstract Aead aead(TransportKey key);
}
