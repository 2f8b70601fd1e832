package dev.guildcast.suite.process;

import dev.guildcast.brokers.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Starts a Redis on the port `redis` of its spec; the launch returns when it answers.
public final class RedisProcess implements Launcher {
    @Override
    public Running launch(ServiceSpec spec, Path log) throws LaunchFailed {
        int port = spec.ports().getOrDefault("redis", 0);
        try {
            var redis = EmbeddedRedis.startNew(port);
            return new Server(redis, ProcessHandle.of(redis.pid()).orElseThrow());
        } catch (RuntimeException e) {
            throw new LaunchFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private record Server(EmbeddedRedis redis, ProcessHandle process) implements Running {
        @Override
        public boolean isStarted() {
            return true;
        }

        @Override
        public boolean awaitEnd(Duration atMost) throws InterruptedException {
            try {
                process.onExit().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
                redis.close();
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("cannot watch Redis", e);
            }
        }

        @Override
        public boolean wasKilled() {
            return true;
        }

        @Override
        public void stop() {
            redis.close();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }
    }
}
