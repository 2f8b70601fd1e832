package dev.guildcast.suite.process;

import dev.guildcast.brokers.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Starts a Redis on the port `redis` of its spec; the launch returns when it accepts requests.
public final class RedisProcessLauncher implements ServiceLauncher {
    @Override
    public RunningInstance launch(ServiceSpec spec, Path log) throws LaunchException {
        int port = spec.ports().getOrDefault("redis", 0);
        try {
            var redis = EmbeddedRedis.startNew(port);
            return new RedisInstance(redis, ProcessHandle.of(redis.pid()).orElseThrow());
        } catch (RuntimeException e) {
            throw new LaunchException(String.valueOf(e.getMessage()), e);
        }
    }

    private record RedisInstance(EmbeddedRedis redis, ProcessHandle process) implements RunningInstance {
        @Override
        public boolean isStarted() {
            return true;
        }

        @Override
        public boolean awaitExit(Duration atMost) throws InterruptedException {
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
            return !wasAskedToEnd();
        }

        /// Redis ends in order then.
        @Override
        public boolean wasAskedToEnd() {
            return redis.exitCode().orElse(-1) == 0;
        }

        /// It keeps nothing, so it is killed at once.
        @Override
        public void stop(Duration atMost) {
            redis.close();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }
    }
}
