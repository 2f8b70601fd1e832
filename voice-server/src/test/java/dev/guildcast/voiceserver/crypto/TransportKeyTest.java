package dev.guildcast.voiceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransportKeyTest {
    private final byte[] bytes = bytes(TransportKey.BYTES, 0x5a);

    @Test
    void copiesWhatItIsGivenAndGivesACopy() {
        var key = TransportKey.of(bytes);
        Arrays.fill(bytes, (byte) 0);
        key.getEncoded()[0] = 0;
        assertThat(key.getEncoded()).containsOnly(0x5a);
    }

    @Test
    void isGoneOnceDestroyed() {
        var key = TransportKey.of(bytes);
        key.destroy();
        assertThat(key.isDestroyed()).isTrue();
        assertThatIllegalStateException().isThrownBy(key::getEncoded);
    }

    @Test
    void standsInNoTextAndNoStream() {
        var key = TransportKey.of(bytes);
        assertThat(key.toString()).isEqualTo("transport key");
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key));
    }

    @Test
    void hasThirtyTwoBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> TransportKey.of(bytes(31, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> TransportKey.of(bytes(33, 1)));
    }

    private static byte[] bytes(int count, int value) {
        var bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
