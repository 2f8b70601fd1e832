package dev.guildcast.voice.protocol;

import dev.guildcast.voice.v1.MediaMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How media between a native client and a voice server is encrypted, in the order in which modes are offered: some
/// clients take the first that they know.
public enum EncryptionMode {
    /// Preferred: the cheaper of the two where the processor has AES.
    AES_GCM("aead_aes256_gcm_rtpsize", MediaMode.AEAD_AES256_GCM_RTPSIZE),
    /// Every client has it.
    XCHACHA20("aead_xchacha20_poly1305_rtpsize", MediaMode.AEAD_XCHACHA20_POLY1305_RTPSIZE);

    private final String wireName;
    private final MediaMode mediaMode;

    EncryptionMode(String wireName, MediaMode mediaMode) {
        this.wireName = wireName;
        this.mediaMode = mediaMode;
    }

    public String wireName() {
        return wireName;
    }

    /// As the voice server is told.
    public MediaMode mediaMode() {
        return mediaMode;
    }

    public static List<String> offered() {
        return Arrays.stream(values()).map(EncryptionMode::wireName).toList();
    }

    public static Optional<EncryptionMode> named(String wireName) {
        return Arrays.stream(values())
                .filter(mode -> mode.wireName.equals(wireName))
                .findFirst();
    }
}
