package dev.guildcast.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EmbeddedRedisIT {
    @Test
    void losesAllDataWhenItIsRestarted() throws IOException {
        try (var redis = EmbeddedRedis.startNew()) {
            assertThat(query(redis, "SET a 1")).isEqualTo("+OK");
            assertThat(query(redis, "EXISTS a")).isEqualTo(":1");
            redis.stop();
            assertThatThrownBy(() -> query(redis, "PING")).isInstanceOf(ConnectException.class);
            redis.start();
            assertThat(query(redis, "EXISTS a")).isEqualTo(":0");
        }
    }

    @Test
    void isUnresponsiveWhilePausedAndRecoversAfterwards() throws IOException {
        try (var redis = EmbeddedRedis.startNew()) {
            redis.pause();
            assertThatThrownBy(() -> query(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
            redis.resume();
            assertThat(query(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void reportsATakenPortAndDoesNotAcceptAnotherServerOnIt() {
        try (var first = EmbeddedRedis.startNew()) {
            assertThatThrownBy(() -> EmbeddedRedis.startNew(first.port()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Redis did not start on port " + first.port());
        }
    }

    @Test
    void pausedItCanStillBeStopped() {
        try (var redis = EmbeddedRedis.startNew()) {
            redis.pause();
            redis.stop();
            assertThatThrownBy(redis::pid).hasMessageContaining("is stopped");
        }
    }

    @Test
    void isSharedWithinAJvm() {
        assertThat(Brokers.shared().redisPort()).isEqualTo(Brokers.shared().redisPort());
        assertThat(Brokers.shared()).isSameAs(Brokers.shared());
    }

    private static String query(RedisServer redis, String command) throws IOException {
        try (var socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var response =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return response.readLine();
        }
    }
}
