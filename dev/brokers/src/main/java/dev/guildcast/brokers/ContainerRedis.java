package dev.guildcast.brokers;

import com.redis.testcontainers.RedisContainer;
import java.util.List;
import org.testcontainers.utility.DockerImageName;

/// Redis in a container, on a host port that stays the same when it is stopped and started.
final class ContainerRedis implements RedisServer {
    static final String IMAGE = "redis:7.2";
    /// Redis' own default, inside the container.
    private static final int CONTAINER_PORT = 6379;

    private final RedisContainer container;
    private final int port;

    private ContainerRedis(RedisContainer container, int port) {
        this.container = container;
        this.port = port;
    }

    static ContainerRedis startNew() {
        int port = FreePort.find();
        var container = new RedisContainer(DockerImageName.parse(IMAGE))
                .withCommand("redis-server", "--save", "", "--appendonly", "no", "--maxmemory", "256mb");
        container.setPortBindings(List.of(port + ":" + CONTAINER_PORT));
        container.start();
        return new ContainerRedis(container, port);
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void resume() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void stop() {
        if (container.isRunning()) {
            container.stop(); // removes the container, and with it the data
        }
    }

    @Override
    public void start() {
        if (!container.isRunning()) {
            container.start();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
