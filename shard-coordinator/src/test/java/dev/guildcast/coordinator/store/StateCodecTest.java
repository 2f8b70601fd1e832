package dev.guildcast.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    private static final Decision DECISION = new Decision(
            7,
            new Leader("r", "h:1"),
            new Topology(16, 2, 4, 16),
            true,
            List.of(
                    Shard.fresh(ShardId.guild(1)),
                    Shard.fresh(ShardId.user(0)).transferring("a"),
                    Shard.fresh(ShardId.session(2))
                            .transferring("a")
                            .active("a", 1)
                            .draining("b")),
            List.of(new Node("a", "a:1", Set.of(ShardId.Kind.SESSION), Map.of("k", "v"), true)),
            Set.of("z"));

    @Test
    void decodesItsOwnRecords() {
        var reader = new StateCodec.DecisionReader();
        StateCodec.encode(DECISION).forEach(reader::read);
        assertThat(reader.takeDecision()).contains(DECISION);
        assertThat(reader.takeDecision()).isEmpty();
    }

    @Test
    void returnsNoDecisionBeforeItsHead() {
        var records = StateCodec.encode(DECISION);
        assertThat(records.keySet().stream().toList().getLast()).isEqualTo(StateCodec.HEAD);
        var reader = new StateCodec.DecisionReader();
        records.forEach((key, value) -> {
            if (!key.equals(StateCodec.HEAD)) {
                reader.read(key, value);
            }
        });
        assertThat(reader.takeDecision()).isEmpty();
    }

    @Test
    void ignoresKeysOfALaterVersion() {
        var reader = new StateCodec.DecisionReader();
        reader.read("override/7", new byte[] {1});
        assertThat(reader.takeDecision()).isEmpty();
    }

    @Test
    void rejectsMalformedRecords() {
        var reader = new StateCodec.DecisionReader();
        assertThatThrownBy(() -> reader.read("node/x", new byte[] {(byte) 0xFF}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node/x");
    }
}
