package dev.guildcast.shard.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.ShardId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryShardMapTest {
    @Test
    void holdsWhatWasPutAndNotifiesListenersUntilTheyAreClosed() throws Exception {
        var map = MemoryShardMap.allOn(List.of(ShardId.guild(0)), "n", "h:1");
        var calls = new AtomicInteger();
        var handle = map.onChange(calls::incrementAndGet);
        assertThat(map.owner(ShardId.guild(0)).orElseThrow().address()).isEqualTo("h:1");
        map.put(ShardId.guild(0), "m", "h:2", 2);
        map.remove(ShardId.guild(0));
        assertThat(map.owner(ShardId.guild(0))).isEmpty();
        handle.close();
        map.put(ShardId.guild(0), "m", "h:2", 3);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aMemoryRegistrationGivesNoDirectiveBeforeItsStart() {
        var registration = new MemoryNodeRegistration();
        assertThatThrownBy(() -> registration.follow(ShardId.guild(0))).isInstanceOf(IllegalStateException.class);
    }
}
