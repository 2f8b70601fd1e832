package dev.guildcast.gateway.outbound;

import static dev.guildcast.gateway.outbound.SlowConsumerPolicy.Step.NONE;
import static dev.guildcast.gateway.outbound.SlowConsumerPolicy.Step.PARK;
import static dev.guildcast.gateway.outbound.SlowConsumerPolicy.Step.UNPARK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.Frame;
import org.junit.jupiter.api.Test;

class SlowConsumerPolicyTest {
    @Test
    void parksOnceAboveTheLimitAndGoesOnBelowHalfOfIt() {
        var policy = new SlowConsumerPolicy(100, 1000);
        assertThat(policy.onHeld(100, 0)).isEqualTo(NONE);
        assertThat(policy.onHeld(101, 1)).isEqualTo(PARK);
        assertThat(policy.onHeld(500, 2)).isEqualTo(NONE);
        assertThat(policy.onHeld(51, 3)).isEqualTo(NONE);
        assertThat(policy.onHeld(50, 4)).isEqualTo(UNPARK);
        assertThat(policy.onHeld(50, 5)).isEqualTo(NONE);
    }

    @Test
    void isOverdueOnlyWhileParked() {
        var policy = new SlowConsumerPolicy(100, 1000);
        assertThat(policy.isOverdue(1_000_000)).isFalse();
        policy.onHeld(101, 10);
        assertThat(policy.isOverdue(1010)).isFalse();
        assertThat(policy.isOverdue(1011)).isTrue();
        policy.onHeld(0, 1012);
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
