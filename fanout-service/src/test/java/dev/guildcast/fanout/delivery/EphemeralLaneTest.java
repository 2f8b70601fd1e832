package dev.guildcast.fanout.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.shard.RecordContext;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EphemeralLaneTest {
    private static final GuildEvent TYPING = GuildEvent.newBuilder()
            .setType("TYPING_START")
            .setPriority(Priority.TYPING)
            .build();

    private final GuildView view = new GuildView(1, new DirtyEntities());
    private long clockMillis = 77;
    private final EphemeralLane lane =
            new EphemeralLane(() -> Instant.ofEpochMilli(clockMillis), Duration.ofSeconds(5), FanoutCounters.NONE);

    @Test
    void theAgeOfTypingIsThatOfTheLogWhateverTheClockOfTheMachine() {
        long brokerMillis = 1_700_000_000_000L;
        lane.onRecord(brokerMillis);
        assertThat(admits(brokerMillis - 5_000)).isTrue();
        assertThat(admits(brokerMillis - 5_001)).isFalse();
        clockMillis += 60_000;
        assertThat(admits(brokerMillis + 54_000)).isFalse();
        assertThat(admits(brokerMillis + 55_000)).isTrue();
    }

    @Test
    void recordsThatAreReadLateDoNotSetTheTimeBack() {
        lane.onRecord(100_000);
        lane.onRecord(50_000);
        assertThat(admits(94_000)).isFalse();
        assertThat(admits(96_000)).isTrue();
    }

    private boolean admits(long timestampMillis) {
        return lane.admits(
                TYPING,
                new RecordContext(ShardId.guild(0), 0, timestampMillis, null, 1),
                view,
                new InMemoryPresenceCache(1));
    }
}
