package dev.guildcast.voiceserver.crypto;

import java.nio.ByteBuffer;

/// Seals what is sent to one client: header | ciphertext | tag | nonce, the header clear and authenticated.
///
/// - **Owner:** one thread.
/// - **Promise:** no nonce is used twice; it seals nothing more when they are used up.
public final class PacketSealer {
    /// A sealed packet ends with the four bytes of nonce that change; the rest of the cipher's nonce is zero.
    private static final int NONCE_BYTES = Integer.BYTES;

    /// What a sealed packet is longer than a clear one.
    public static final int OVERHEAD_BYTES = Aead.TAG_BYTES + NONCE_BYTES;

    private final Aead aead;
    private final Nonces nonces;
    private final Aead.Span span = new Aead.Span();

    PacketSealer(Aead aead, Nonces nonces) {
        this.aead = aead;
        this.nonces = nonces;
    }

    /// Seals what lies between the position and the limit of `clear`, which stay where they are.
    ///
    /// @param headerBytes how much of it is sent in the clear
    /// @param sealed takes the packet at its position, which moves behind it; both buffers are backed by arrays,
    ///     because the JDK's ciphers copy what lies outside the heap
    /// @return false when the nonces are used up; then nothing was written
    public boolean seal(ByteBuffer clear, int headerBytes, ByteBuffer sealed) {
        int bytes = clear.remaining();
        if (headerBytes < 0 || headerBytes > bytes || sealed.remaining() < bytes + OVERHEAD_BYTES) {
            throw new IllegalArgumentException("a packet of " + bytes + " bytes with a header of " + headerBytes
                    + " into " + sealed.remaining() + " bytes");
        }
        if (nonces.exhausted()) {
            return false;
        }
        int nonce = nonces.next();
        byte[] in = clear.array();
        byte[] out = sealed.array();
        int from = clear.arrayOffset() + clear.position();
        int to = sealed.arrayOffset() + sealed.position();
        span.bytes = in;
        span.offset = from;
        span.headerBytes = headerBytes;
        span.textBytes = bytes - headerBytes;
        System.arraycopy(in, from, out, to, headerBytes);
        aead.seal(nonce, span, out, to + headerBytes);
        sealed.position(sealed.position() + bytes + Aead.TAG_BYTES);
        sealed.putInt(nonce);
        return true;
    }

    /// Forgets the key; what comes after is a bug.
    public void wipe() {
        aead.wipe();
    }
}
