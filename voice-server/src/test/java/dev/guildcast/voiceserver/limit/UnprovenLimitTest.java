package dev.guildcast.voiceserver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnprovenLimitTest {
    private static final long NOW = -7;

    @Test
    void limitsEachSourceByItself() throws UnknownHostException {
        var limit = new UnprovenLimit(10, 1000, 1, NOW);
        assertThat(taken(limit, "192.0.2.1", NOW, 100)).isEqualTo(10);
        assertThat(taken(limit, "192.0.2.2", NOW, 100)).isEqualTo(10);
        assertThat(taken(limit, "192.0.2.1", NOW + Duration.ofMillis(500).toNanos(), 100))
                .isEqualTo(5);
    }

    @Test
    void takesAnIpv6NetworkForOneSource() throws UnknownHostException {
        var limit = new UnprovenLimit(10, 1000, 1, NOW);
        assertThat(taken(limit, "2001:db8:0:1::1", NOW, 6)).isEqualTo(6);
        assertThat(taken(limit, "2001:db8:0:1:ffff::2", NOW, 100)).isEqualTo(4);
        assertThat(taken(limit, "2001:db8:0:2::1", NOW, 100)).isEqualTo(10);
    }

    @Test
    void limitsAllTogether() {
        var limit = new UnprovenLimit(10, 300, 1, NOW);
        var random = new Random(2);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += limit.tryTake(address(random.nextInt()), NOW) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(300);
    }

    @Test
    void sharesSlotsDifferentlyForAnotherSalt() {
        assertThat(refused(1)).isNotEqualTo(refused(2));
    }

    /// Which of many sources find their slot used up by the sources before them.
    private static String refused(long salt) {
        var limit = new UnprovenLimit(1, 1_000_000, salt, NOW);
        var refused = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            refused.append(limit.tryTake(address(i), NOW) ? "" : i + " ");
        }
        return refused.toString();
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static int taken(UnprovenLimit limit, String source, long nowNanos, int tries) throws UnknownHostException {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limit.tryTake(InetAddress.getByName(source), nowNanos) ? 1 : 0;
        }
        return taken;
    }
}
