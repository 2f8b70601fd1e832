package dev.guildcast.gateway.connection;

import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.NONE;
import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.PARK;
import static dev.guildcast.gateway.connection.SlowConsumerPolicy.Action.UNPARK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
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

    @Test
    void theQueueCountsWhatItHolds() {
        var queue = new OutboundQueue();
        queue.add(Frame.text("abc"));
        queue.add(Frame.text("de"));
        assertThat(queue.heldBytes()).isEqualTo(5);
        var first = queue.poll();
        assertThat(first).isNotNull();
        assertThat(first.length()).isEqualTo(3);
        assertThat(queue.heldBytes()).isEqualTo(2);
        queue.clear();
        assertThat(queue.heldBytes()).isZero();
        assertThat(queue.poll()).isNull();
    }
}
