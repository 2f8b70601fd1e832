package dev.guildcast.voice.signaling;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Does what is asked for one guild in order, each task after the one before has ended, and different guilds side by
/// side.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#WAITING_MAX] tasks of a guild.
/// - **Promise:** a task that began is not cut short when whoever asked for it goes away: half of it would be a state
///   without its server.
final class GuildChains {
    /// Tasks of one guild that may wait; further ones are refused.
    static final int WAITING_MAX = 256;

    private final Scheduler loop;
    private final Map<Long, Queue<Runnable>> waiting = new HashMap<>();

    GuildChains(Scheduler loop) {
        this.loop = loop;
    }

    /// Runs the task on the loop when its turn comes; fails at once when too many wait.
    <T> Mono<T> run(long guild, Mono<T> task) {
        return Mono.create(sink -> loop.schedule(() -> {
            Runnable begin = () -> task.doFinally(signal -> loop.schedule(() -> next(guild)))
                    .subscribe(sink::success, sink::error, sink::success);
            var queue = waiting.get(guild);
            if (queue == null) {
                waiting.put(guild, new ArrayDeque<>());
                begin.run();
            } else if (queue.size() < WAITING_MAX) {
                queue.add(begin);
            } else {
                sink.error(new RejectedExecutionException("too much is asked of one guild at a time"));
            }
        }));
    }

    int guildCount() {
        return waiting.size();
    }

    private void next(long guild) {
        var queue = waiting.get(guild);
        Runnable begin = queue == null ? null : queue.poll();
        if (begin == null) {
            waiting.remove(guild);
        } else {
            begin.run();
        }
    }
}
