package dev.guildcast.voiceserver.crypto;

/// Authenticated encryption under one key in one direction.
///
/// - **Owner:** one sealer or opener; not thread-safe.
/// - **Bound:** the JDK's ciphers leave 1 KB (AES-GCM) or 2.2 KB (ChaCha20) of garbage a call; nothing else does.
sealed interface Aead permits AesGcm, XChaCha20Poly1305 {
    int TAG_BYTES = 16;

    /// Encrypts the text and writes it with its tag.
    ///
    /// @param nonce its four bytes, first one highest; those that follow are 0
    /// @param in holds the associated data at `offset`, and the text behind it
    /// @param out takes the text and the tag at `outOffset`
    void seal(int nonce, Span in, byte[] out, int outOffset);

    /// The reverse; false when the tag is not that of this key, nonce, header and text. `out` then holds nothing of
    /// use.
    boolean open(int nonce, Span in, byte[] out, int outOffset);

    /// Forgets the key; the object is of no use any more.
    void wipe();

    /// A header and a text behind it; one a cipher, reused.
    final class Span {
        byte[] bytes = new byte[0];
        int offset;
        int headerBytes;
        int textBytes;

        int textOffset() {
            return offset + headerBytes;
        }
    }
}
