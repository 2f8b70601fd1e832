package dev.guildcast.voiceserver.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// AES-256-GCM. The cipher keeps the key schedule from packet to packet: a new one would cost twice as much.
final class AesGcm implements Aead {
    /// 96 bits, which GCM uses without hashing them first (NIST SP 800-38D, section 8.2).
    private static final int IV_BYTES = 12;

    private final Cipher cipher;
    private final TransportKey key;
    private final byte[] iv = new byte[IV_BYTES];

    AesGcm(TransportKey key) {
        this.key = key.named("AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-GCM", e);
        }
    }

    @Override
    public void seal(int nonce, Span in, byte[] out, int outOffset) {
        try {
            start(Cipher.ENCRYPT_MODE, nonce);
            cipher.updateAAD(in.bytes, in.offset, in.headerBytes);
            cipher.doFinal(in.bytes, in.textOffset(), in.textBytes, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet could not be sealed", e);
        }
    }

    @Override
    public boolean open(int nonce, Span in, byte[] out, int outOffset) {
        try {
            start(Cipher.DECRYPT_MODE, nonce);
            cipher.updateAAD(in.bytes, in.offset, in.headerBytes);
            cipher.doFinal(in.bytes, in.textOffset(), in.textBytes, out, outOffset);
            return true;
        } catch (AEADBadTagException forged) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet could not be opened", e);
        }
    }

    @Override
    public void wipe() {
        if (!key.isDestroyed()) {
            // The cipher drops its key schedule only for another one, and only in this direction also the copy by which
            // it refuses a nonce that is used twice.
            key.replace(bytes -> Arrays.fill(bytes, (byte) 0));
            try {
                start(Cipher.ENCRYPT_MODE, 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a cipher could not be wiped", e);
            } finally {
                key.destroy();
            }
        }
    }

    private void start(int direction, int nonce) throws GeneralSecurityException {
        iv[0] = (byte) (nonce >>> 24);
        iv[1] = (byte) (nonce >>> 16);
        iv[2] = (byte) (nonce >>> 8);
        iv[3] = (byte) nonce;
        cipher.init(direction, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
    }
}
