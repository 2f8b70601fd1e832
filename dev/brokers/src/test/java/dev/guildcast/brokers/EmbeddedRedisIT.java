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
    void answersAndForgetsAllWhenItIsStartedAgain() throws IOException {
        try (var redis = EmbeddedRedis.startNew()) {
            assertThat(ask(redis, "SET a 1")).isEqualTo("+OK");
            assertThat(ask(redis, "EXISTS a")).isEqualTo(":1");
            redis.stop();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(ConnectException.class);
            redis.start();
            assertThat(ask(redis, "EXISTS a")).isEqualTo(":0");
        }
    }

    @Test
    void isSilentWhilePausedAndGoesOnAfterwards() throws IOException {
        try (var redis = EmbeddedRedis.startNew()) {
            redis.pause();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
            redis.resume();
            assertThat(ask(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void saysThatThePortIsTakenAndDoesNotMistakeAStrangerForItself() {
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

    private static String ask(RedisServer redis, String command) throws IOException {
        try (var socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return answer.readLine();
        }
    }
}
