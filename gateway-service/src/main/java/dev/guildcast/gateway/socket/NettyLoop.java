package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A Netty event loop as the owner of connections.
record NettyLoop(EventLoop eventLoop) implements Loop {
    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
        var future = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
