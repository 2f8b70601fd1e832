package dev.guildcast.voice.loop;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Runs the tasks of a guild one after the other in the order of their submission, and those of different guilds
/// concurrently.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#QUEUED_PER_GUILD_MAX] queued tasks of a guild.
/// - **Promise:** a started task is not cancelled with its subscriber: a half-done one could publish a voice state
///   without its server.
public final class GuildTaskQueues {
    /// Queued tasks of one guild; further ones are rejected. A burst of joins of a large guild fits.
    public static final int QUEUED_PER_GUILD_MAX = 256;

    private final Scheduler loop;
    private final Map<Long, Queue<Runnable>> queues = new HashMap<>();

    public GuildTaskQueues(Scheduler loop) {
        this.loop = loop;
    }

    /// Runs the task on the loop after those submitted before; fails at once if too many are queued.
    public <T> Mono<T> submit(long guild, Mono<T> task) {
        return Mono.create(sink -> loop.schedule(() -> {
            Runnable start = () -> task.doFinally(signal -> loop.schedule(() -> startNext(guild)))
                    .subscribe(sink::success, sink::error, sink::success);
            var queue = queues.get(guild);
            if (queue == null) {
                queues.put(guild, new ArrayDeque<>());
                start.run();
            } else if (queue.size() < QUEUED_PER_GUILD_MAX) {
                queue.add(start);
            } else {
                sink.error(new RejectedExecutionException(queue.size() + " tasks of guild "
                        + Long.toUnsignedString(guild) + " are queued (at most " + QUEUED_PER_GUILD_MAX + ")"));
            }
        }));
    }

    int guildCount() {
        return queues.size();
    }

    private void startNext(long guild) {
        var queue = queues.get(guild);
        Runnable start = queue == null ? null : queue.poll();
        if (start == null) {
            queues.remove(guild);
        } else {
            start.run();
        }
    }
}
