package dev.guildcast.coordinator.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTableTest {
    private final LeaseTable leases = new LeaseTable(LeaseProperties.DEFAULT);

    @Test
    void aNodeThatRenewsLives() {
        leases.renew("a", 0);
        leases.renew("a", 2_900);
        assertThat(leases.expire(5_899)).isEmpty();
        assertThat(leases.size()).isOne();
    }

    @Test
    void aSilentNodeExpiresOnceAfterItsLease() {
        leases.renew("b", 0);
        leases.renew("a", 0);
        assertThat(leases.expire(2_999)).isEmpty();
        assertThat(leases.expire(3_000)).containsExactly("a", "b");
        assertThat(leases.expire(9_000)).isEmpty();
    }

    @Test
    void aBrokenStreamShortensTheLeaseToTheGrace() {
        leases.renew("a", 0);
        leases.onStreamBroken("a", 100);
        assertThat(leases.expire(599)).isEmpty();
        assertThat(leases.expire(600)).containsExactly("a");
    }

    @Test
    void aNewStreamWithinTheGraceRestoresTheLease() {
        leases.renew("a", 0);
        leases.onStreamBroken("a", 100);
        leases.renew("a", 500);
        assertThat(leases.expire(3_400)).isEmpty();
    }

    @Test
    void aBrokenStreamNeverLengthensALease() {
        leases.renew("a", 0);
        leases.onStreamBroken("a", 2_900);
        assertThat(leases.expire(3_000)).containsExactly("a");
    }

    @Test
    void aNodeThatEndsItsStreamExpiresAtOnce() {
        leases.renew("a", 0);
        leases.onNodeEnded("a", 100);
        assertThat(leases.expire(100)).containsExactly("a");
        leases.onStreamBroken("a", 200);
        assertThat(leases.size()).isZero();
    }

    @Test
    void rejectsAGraceBeyondTheLease() {
        assertThatThrownBy(
                        () -> new LeaseProperties(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(10)))
                .hasMessageContaining("coordinator.lease.grace");
    }
}
