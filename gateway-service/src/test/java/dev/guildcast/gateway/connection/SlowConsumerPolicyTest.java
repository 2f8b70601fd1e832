package dev.guildcast.gateway.connection;

import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.NONE;
import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.PARK;
import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.UNPARK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlowConsumerPolicyTest {
    @Test
    void parksOnceAboveTheLimitAndGoesOnBelowHalfOfIt() {
        var policy = new SlowConsumerPolicy(100, 1000);
        assertThat(policy.onHeldBytes(100, 0)).isEqualTo(NONE);
        assertThat(policy.onHeldBytes(101, 1)).isEqualTo(PARK);
        assertThat(policy.onHeldBytes(500, 2)).isEqualTo(NONE);
        assertThat(policy.onHeldBytes(51, 3)).isEqualTo(NONE);
        assertThat(policy.onHeldBytes(50, 4)).isEqualTo(UNPARK);
        assertThat(policy.onHeldBytes(50, 5)).isEqualTo(NONE);
    }

    @Test
    void isOverdueOnlyWhileParked() {
        var policy = new SlowConsumerPolicy(100, 1000);
        assertThat(policy.isOverdue(1_000_000)).isFalse();
        policy.onHeldBytes(101, 10);
        assertThat(policy.isOverdue(1010)).isFalse();
        assertThat(policy.isOverdue(1011)).isTrue();
        policy.onHeldBytes(0, 1012);
        assertThat(policy.isOverdue(5000)).isFalse();
    }
}
