package dev.guildcast.presence.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.Status;
import dev.guildcast.presence.liveness.PresenceStore.ShownPresence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

class RedisPresenceStoreIT extends PresenceStoreContract {
    private static LettuceConnectionFactory connections;
    private static PresenceStore store;

    @BeforeAll
    static void connect() {
        var brokers = Brokers.shared();
        connections = new LettuceConnectionFactory(brokers.redisHost(), brokers.redisPort());
        connections.afterPropertiesSet();
        connections.start();
        store = new RedisPresenceStore(connections, Duration.ofSeconds(60), Duration.ofHours(24));
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    PresenceStore store() {
        return store;
    }

    @Test
    void leavesNoKeyWithoutATimeToLive() {
        store.save(77, List.of(state(1, 1, Status.IDLE)), Duration.ofSeconds(60), Optional.empty())
                .block();
        store.saveShown(77, new ShownPresence(Presence.OFFLINE, 1)).block();
        var redis = new ReactiveStringRedisTemplate(connections);
        for (String key : List.of("pres:{77}", "pres:last:{77}", "pres:due:{" + PresenceStore.bucket(77) + "}")) {
            assertThat(redis.getExpire(key).block()).as(key).isPositive();
        }
        assertThat(redis.getExpire("pres:{77}").block()).isLessThanOrEqualTo(Duration.ofSeconds(60));
    }
}
