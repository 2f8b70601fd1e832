package dev.guildcast.voiceserver.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/// XChaCha20-Poly1305 of draft-irtf-cfrg-xchacha-03: each nonce has a key of its own, with which the JDK's
/// ChaCha20-Poly1305 does the rest.
final class XChaCha20Poly1305 implements Aead {
    /// 16 bytes for HChaCha20 and 8 for ChaCha20.
    static final int NONCE_BYTES = 24;

    /// ChaCha20's nonce: four bytes of zero and the last 8 of the nonce above.
    private static final int IV_BYTES = 12;

    private final Cipher cipher;
    private final byte[] key;
    private final TransportKey subkey;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] iv = new byte[IV_BYTES];

    XChaCha20Poly1305(TransportKey key) {
        this.key = key.getEncoded();
        this.subkey = key.named("ChaCha20");
        try {
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has ChaCha20-Poly1305", e);
        }
    }

    @Override
    public void seal(int counter, Span in, byte[] out, int outOffset) {
        setCounter(counter);
        seal(in, out, outOffset);
    }

    @Override
    public boolean open(int counter, Span in, byte[] out, int outOffset) {
        setCounter(counter);
        return open(in, out, outOffset);
    }

    /// The whole nonce, of which a packet carries four bytes.
    void setNonce(byte[] whole) {
        System.arraycopy(whole, 0, nonce, 0, NONCE_BYTES);
    }

    void seal(Span in, byte[] out, int outOffset) {
        try {
            start(Cipher.ENCRYPT_MODE);
            cipher.updateAAD(in.bytes, in.offset, in.headerBytes);
            cipher.doFinal(in.bytes, in.textOffset(), in.textBytes, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet could not be sealed", e);
        }
    }

    boolean open(Span in, byte[] out, int outOffset) {
        try {
            start(Cipher.DECRYPT_MODE);
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
        if (!subkey.isDestroyed()) {
            Arrays.fill(key, (byte) 0);
            try {
                // The cipher keeps the last subkey, which opens one packet, until it is given another.
                start(Cipher.DECRYPT_MODE);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a cipher could not be wiped", e);
            } finally {
                subkey.destroy();
            }
        }
    }

    private void setCounter(int counter) {
        nonce[0] = (byte) (counter >>> 24);
        nonce[1] = (byte) (counter >>> 16);
        nonce[2] = (byte) (counter >>> 8);
        nonce[3] = (byte) counter;
    }

    private void start(int direction) throws GeneralSecurityException {
        subkey.replace(bytes -> HChaCha20.derive(key, nonce, bytes));
        // Four bytes of 0, then what HChaCha20 has left of the nonce.
        System.arraycopy(nonce, HChaCha20.NONCE_BYTES, iv, Integer.BYTES, NONCE_BYTES - HChaCha20.NONCE_BYTES);
        cipher.init(direction, subkey, new IvParameterSpec(iv));
    }
}
