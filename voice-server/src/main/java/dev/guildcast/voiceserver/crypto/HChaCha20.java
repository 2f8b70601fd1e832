package dev.guildcast.voiceserver.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// HChaCha20 of draft-irtf-cfrg-xchacha-03, section 2.2: makes of a key and 16 bytes of nonce the key that XChaCha20
/// gives to ChaCha20. The JDK has the one and not the other.
final class HChaCha20 {
    /// The first four words of ChaCha20's counter and nonce.
    static final int NONCE_BYTES = 16;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /// A key has 32 bytes.
    private static final int KEY_WORDS = 8;
    /// Ten column and ten diagonal rounds: the 20 of ChaCha20.
    private static final int DOUBLE_ROUNDS = 10;

    private HChaCha20() {}

    /// @param key 32 bytes
    /// @param nonce of which the first 16 bytes count
    /// @param subkey takes 32 bytes
    static void derive(byte[] key, byte[] nonce, byte[] subkey) {
        // "expand 32-byte k"
        int x0 = 0x61707865;
        int x1 = 0x3320646e;
        int x2 = 0x79622d32;
        int x3 = 0x6b206574;
        int x4 = word(key, 0);
        int x5 = word(key, 1);
        int x6 = word(key, 2);
        int x7 = word(key, 3);
        int x8 = word(key, 4);
        int x9 = word(key, 5);
        int x10 = word(key, 6);
        int x11 = word(key, KEY_WORDS - 1);
        int x12 = word(nonce, 0);
        int x13 = word(nonce, 1);
        int x14 = word(nonce, 2);
        int x15 = word(nonce, 3);
        // Sixteen locals and no array: the compiler keeps them in registers, and no part of the key is left on the
        // heap.
        for (int round = 0; round < DOUBLE_ROUNDS; round++) {
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);

            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 7);

            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 7);

            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 7);

            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 16);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 12);
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 8);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 7);

            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 16);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 12);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 8);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 7);

            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 16);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 12);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 8);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 7);

            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 16);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 12);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 8);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 7);
        }
        put(subkey, 0, x0);
        put(subkey, 1, x1);
        put(subkey, 2, x2);
        put(subkey, 3, x3);
        put(subkey, 4, x12);
        put(subkey, 5, x13);
        put(subkey, 6, x14);
        put(subkey, KEY_WORDS - 1, x15);
    }

    private static int word(byte[] bytes, int index) {
        return (int) WORD.get(bytes, index * Integer.BYTES);
    }

    private static void put(byte[] bytes, int index, int word) {
        WORD.set(bytes, index * Integer.BYTES, word);
    }
}
