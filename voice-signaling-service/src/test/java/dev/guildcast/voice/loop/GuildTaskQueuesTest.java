package dev.guildcast.voice.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class GuildTaskQueuesTest {
    private final GuildTaskQueues taskQueues = new GuildTaskQueues(Schedulers.immediate());
    private final List<String> done = new ArrayList<>();

    @Test
    void runsTasksOfAGuildInOrder() {
        var first = Sinks.<String>one();
        taskQueues.submit(1, first.asMono()).subscribe(done::add);
        taskQueues.submit(1, Mono.fromSupplier(() -> "second")).subscribe(done::add);
        taskQueues.submit(2, Mono.fromSupplier(() -> "other guild")).subscribe(done::add);
        assertThat(done).containsExactly("other guild");
        first.tryEmitValue("first");
        assertThat(done).containsExactly("other guild", "first", "second");
        assertThat(taskQueues.guildCount()).isZero();
    }

    @Test
    void continuesAfterAFailedTask() {
        var failures = new ArrayList<Throwable>();
        taskQueues.submit(1, Mono.error(new IllegalStateException("away"))).subscribe(value -> {}, failures::add);
        taskQueues.submit(1, Mono.just("next")).subscribe(done::add);
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("next");
    }

    @Test
    void finishesATaskWhoseSubscriberCancelled() {
        var gate = Sinks.<String>one();
        taskQueues.submit(1, gate.asMono().doOnNext(done::add)).subscribe().dispose();
        gate.tryEmitValue("finished");
        assertThat(done).containsExactly("finished");
    }

    @Test
    void rejectsTasksBeyondTheBound() {
        var failures = new ArrayList<Throwable>();
        taskQueues.submit(1, Mono.never()).subscribe();
        for (int i = 0; i < GuildTaskQueues.QUEUED_PER_GUILD_MAX; i++) {
            taskQueues.submit(1, Mono.just(i)).subscribe(value -> {}, failures::add);
        }
        assertThat(failures).isEmpty();
        taskQueues.submit(1, Mono.just("too many")).subscribe(value -> {}, failures::add);
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
        taskQueues.submit(2, Mono.just("unharmed")).subscribe(done::add);
        assertThat(done).containsExactly("unharmed");
    }
}
