package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.guildcast.contract.ShardId;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardSettingsTest {
    @Test
    void shardsThatAreClaimedTogetherDoNotWriteTheirFirstCheckpointsTogether() {
        var firsts = IntStream.range(0, 8)
                .mapToObj(ShardId::session)
                .map(ShardSettings::sessionDefaults)
                .map(ShardSettings::firstCheckpointAfter)
                .sorted()
                .toList();
        for (int i = 1; i < firsts.size(); i++) {
            assertThat(firsts.get(i).minus(firsts.get(i - 1))).isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void aFirstCheckpointLaterThanTheNextOrIdleOnesMoreOftenThanOthersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Duration.ofSeconds(6), Duration.ofSeconds(60)))
                .withMessageContaining("firstCheckpointAfter, PT6S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Duration.ofSeconds(5), Duration.ofSeconds(4)))
                .withMessageContaining("idleCheckpointEvery, PT4S");
    }

    private static ShardSettings settings(Duration first, Duration idle) {
        return new ShardSettings(
                Duration.ofSeconds(5),
                first,
                idle,
                1,
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                1,
                1,
                Duration.ofMillis(250));
    }
}
