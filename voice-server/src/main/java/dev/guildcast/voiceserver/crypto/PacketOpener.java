package dev.guildcast.voiceserver.crypto;

import java.nio.ByteBuffer;

/// Opens what one client sent. Whether a packet came before is not its business: see the replay window.
///
/// - **Owner:** one thread.
public final class PacketOpener {
    private final Aead aead;
    private final Aead.Span span = new Aead.Span();

    PacketOpener(Aead aead) {
        this.aead = aead;
    }

    /// The four bytes at the end of a sealed packet, first one highest.
    ///
    /// @param sealed at least 20 bytes between position and limit
    public static int nonce(ByteBuffer sealed) {
        return sealed.getInt(sealed.limit() - Integer.BYTES);
    }

    /// Opens what lies between the position and the limit of `sealed`, which stay where they are.
    ///
    /// @param headerBytes how much of it came in the clear
    /// @param clear takes header and text at its position, which moves behind them; both buffers are backed by
    ///     arrays
    /// @return false when it is too short or was not sealed with this key; `clear` then stands where it stood
    public boolean open(ByteBuffer sealed, int headerBytes, ByteBuffer clear) {
        int textBytes = sealed.remaining() - headerBytes - PacketSealer.OVERHEAD_BYTES;
        if (headerBytes < 0 || textBytes < 0) {
            return false;
        }
        if (clear.remaining() < headerBytes + textBytes) {
            throw new IllegalArgumentException(
                    "a text of " + (headerBytes + textBytes) + " bytes into " + clear.remaining());
        }
        byte[] in = sealed.array();
        byte[] out = clear.array();
        int from = sealed.arrayOffset() + sealed.position();
        int to = clear.arrayOffset() + clear.position();
        span.bytes = in;
        span.offset = from;
        span.headerBytes = headerBytes;
        span.textBytes = textBytes + Aead.TAG_BYTES;
        if (!aead.open(nonce(sealed), span, out, to + headerBytes)) {
            return false;
        }
        System.arraycopy(in, from, out, to, headerBytes);
        clear.position(clear.position() + headerBytes + textBytes);
        return true;
    }

    /// Forgets the key; what comes after is a bug.
    public void wipe() {
        aead.wipe();
    }
}
