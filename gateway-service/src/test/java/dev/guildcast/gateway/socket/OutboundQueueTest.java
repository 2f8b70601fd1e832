package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {
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
