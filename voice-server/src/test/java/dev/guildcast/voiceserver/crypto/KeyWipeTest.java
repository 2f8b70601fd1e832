package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Looks for a key in a dump of all that is reachable on the heap.
class KeyWipeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void leavesNoKeyOnTheHeapWhereSealerAndOpenerAreStillHeld(EncryptionMode mode) throws IOException {
        var key = TransportKey.random(new SecureRandom());
        byte[] inverted = inverted(key.getEncoded());
        var sealer = mode.sealer(key, new CountingNonces(0, false));
        var opener = mode.opener(key);
        var sealed = ByteBuffer.allocate(100);
        sealer.seal(ByteBuffer.allocate(50), 12, sealed);
        assertThat(opener.open(sealed.flip(), 12, ByteBuffer.allocate(100))).isTrue();
        assertThat(isOnHeap(inverted, "before"))
                .as("found before, or it would prove nothing")
                .isTrue();

        key.destroy();
        sealer.wipe();
        opener.wipe();
        assertThat(isOnHeap(inverted, "after")).isFalse();
        Reference.reachabilityFence(sealer);
        Reference.reachabilityFence(opener);
    }

    /// The test itself must not hold the key.
    private static byte[] inverted(byte[] key) {
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) ~key[i];
        }
        return key;
    }

    private boolean isOnHeap(byte[] inverted, String name) throws IOException {
        Path dump = folder.resolve(name + ".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
        byte[] heap = Files.readAllBytes(dump);
        Files.delete(dump);
        for (int at = 0; at <= heap.length - inverted.length; at++) {
            int same = 0;
            while (same < inverted.length && heap[at + same] == (byte) ~inverted[same]) {
                same++;
            }
            if (same == inverted.length) {
                return true;
            }
        }
        return false;
    }
}
