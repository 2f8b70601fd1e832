package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {
    @Test
    void isWrittenAsShardOffsetAndSecret() {
        var id = new SessionId(3, 0x0123456789abL, 0xfedcba9876543210L);
        assertThat(id.text()).isEqualTo("0003" + "0123456789ab" + "fedcba9876543210");
        assertThat(SessionId.parse(id.text())).contains(id);
    }

    @Test
    void isReadBackAsItWasWritten() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            var id = new SessionId(random.nextInt(0x10000), random.nextLong(1L << 48), random.nextLong());
            assertThat(SessionId.parse(id.text())).as("seed %d", seed).contains(id);
        }
        var largest = new SessionId(0xffff, (1L << 48) - 1, -1);
        assertThat(SessionId.parse("f".repeat(32))).contains(largest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "00030123456789abfedcba987654321",
                "00030123456789abfedcba98765432100",
                "00030123456789ABFEDCBA9876543210",
                "0003 123456789abfedcba9876543210",
                "-0030123456789abfedcba9876543210"
            })
    void isNothingElse(String text) {
        assertThat(SessionId.parse(text)).isEmpty();
    }

    @Test
    void hidesItsSecretFromLogs() {
        assertThat(new SessionId(1, 7, 0x5ec4e7L))
                .asString()
                .isEqualTo("session-1@7")
                .doesNotContain("5ec4e7");
    }

    @Test
    void refusesWhatDoesNotFitIntoItsText() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(0x10000, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(0, 1L << 48, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(0, -1, 0));
    }
}
