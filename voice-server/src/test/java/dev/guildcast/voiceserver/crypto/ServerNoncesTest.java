package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerNoncesTest {
    private static final int MARKS = 0x80000080;

    @Test
    void meetsNoCounterOfAClientWhicheverWayRoundItIsWritten() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            int nonce = new ServerNonces(random.nextInt()).next();
            // Below 0 means from 2^31 on.
            assertThat(nonce).as("seed " + seed).isNegative();
            assertThat(Integer.reverseBytes(nonce)).as("seed " + seed).isNegative();
        }
    }

    @Test
    void givesEachNonceOnceAcrossTheEndOfItsCount() {
        var nonces = new ServerNonces((1 << 30) - 500_000);
        var seen = new BitSet(1 << 30);
        for (int i = 0; i < 1_000_000; i++) {
            int nonce = nonces.next();
            assertThat(nonce & MARKS).isEqualTo(MARKS);
            int index = (nonce & 0x7fffff00) >>> 1 | nonce & 0x7f;
            assertThat(seen.get(index)).isFalse();
            seen.set(index);
        }
    }

    @Test
    void startsSomewhereElseForAnotherStart() {
        assertThat(new ServerNonces(1).next()).isNotEqualTo(new ServerNonces(2).next());
    }
}
