package dev.guildcast.voiceserver.crypto;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// The 32 bytes that one client and this server share: `secret_key` of its Session Description.
///
/// - **Owner:** whoever holds it; passed to a participant, the participant.
/// - **Promise:** after [#destroy] no copy of ours holds the bytes. They never stand in a text and are never
/// serialised.
public final class TransportKey implements SecretKey {
    /// Both modes take keys of 256 bits.
    public static final int BYTES = 32;

    private static final long serialVersionUID = 1;

    private final transient byte[] bytes;
    private final String algorithm;
    private boolean destroyed;

    private TransportKey(byte[] bytes, String algorithm) {
        this.bytes = bytes;
        this.algorithm = algorithm;
    }

    /// @param bytes 32 of them, copied; the caller wipes its own
    /// @throws IllegalArgumentException if there are more or less
    public static TransportKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key of " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        return new TransportKey(bytes.clone(), "RAW");
    }

    /// A fresh one.
    public static TransportKey random(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new TransportKey(bytes, "RAW");
    }

    /// A copy under the name by which a cipher of the JDK knows its keys, with a life of its own.
    TransportKey named(String cipher) {
        return new TransportKey(getEncoded(), cipher);
    }

    /// Takes other bytes in place.
    void replace(Filler filler) {
        requireAlive();
        filler.fill(bytes);
    }

    /// Writes all 32 bytes.
    interface Filler {
        void fill(byte[] key);
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /// A copy, which the caller wipes.
    @Override
    public byte[] getEncoded() {
        requireAlive();
        return bytes.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(bytes, (byte) 0);
        destroyed = true;
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "transport key";
    }

    private void requireAlive() {
        if (destroyed) {
            throw new IllegalStateException("the key was destroyed");
        }
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        throw new NotSerializableException(TransportKey.class.getName());
    }
}
