package dev.guildcast.voice.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.voice.VoiceServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

class RedisVoiceAssignmentStoreIT extends VoiceAssignmentStoreContract {
    private static final Duration LIVENESS = Duration.ofSeconds(6);

    private static LettuceConnectionFactory connections;
    private static VoiceAssignmentStore store;

    @BeforeAll
    static void connect() {
        var brokers = Brokers.shared();
        connections = new LettuceConnectionFactory(brokers.redisHost(), brokers.redisPort());
        connections.afterPropertiesSet();
        connections.start();
        store = new RedisVoiceAssignmentStore(connections, LIVENESS, Duration.ofHours(24));
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    VoiceAssignmentStore store() {
        return store;
    }

    @Override
    void passLiveness() {
        // Redis expires keys by its own clock: when a marker set just now has expired, so has everything before it.
        var marker = new VoiceServer("marker", "markers", "127.0.0.1:9", "key");
        store.renewServer(marker, 0).block();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> store.findServer("marker").block().isEmpty());
    }

    @Test
    void leavesNoKeyWithoutATimeToLive() {
        store.renewServer(new VoiceServer("ttl", "ttl", "127.0.0.1:9", "key"), 0.5)
                .block();
        store.assign(4711, 0, "ttl").block();
        var redis = new ReactiveStringRedisTemplate(connections);
        var keys = redis.keys("voice:*").collectList().block();
        assertThat(keys).contains("voice:guild:{4711}", "voice:srv:{ttl}", "voice:alive:{ttl}", "voice:regions");
        assertThat(keys).allMatch(key -> !redis.getExpire(key).block().isZero());
    }
}
