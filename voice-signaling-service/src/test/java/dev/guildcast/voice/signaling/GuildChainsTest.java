package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class GuildChainsTest {
    private final GuildChains chains = new GuildChains(Schedulers.immediate());
    private final List<String> done = new ArrayList<>();

    @Test
    void doesTheTasksOfAGuildOneAfterTheOther() {
        var first = Sinks.<String>one();
        chains.run(1, first.asMono()).subscribe(done::add);
        chains.run(1, Mono.fromSupplier(() -> "second")).subscribe(done::add);
        chains.run(2, Mono.fromSupplier(() -> "other guild")).subscribe(done::add);
        assertThat(done).containsExactly("other guild");
        first.tryEmitValue("first");
        assertThat(done).containsExactly("other guild", "first", "second");
        assertThat(chains.guildCount()).isZero();
    }

    @Test
    void goesOnAfterATaskThatFailed() {
        var failures = new ArrayList<Throwable>();
        chains.run(1, Mono.error(new IllegalStateException("away"))).subscribe(value -> {}, failures::add);
        chains.run(1, Mono.just("next")).subscribe(done::add);
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("next");
    }

    @Test
    void finishesATaskWhoseAskerWentAway() {
        var gate = Sinks.<String>one();
        chains.run(1, gate.asMono().doOnNext(done::add)).subscribe().dispose();
        gate.tryEmitValue("finished");
        assertThat(done).containsExactly("finished");
    }

    @Test
    void refusesWhenTooMuchWaits() {
        var failures = new ArrayList<Throwable>();
        chains.run(1, Mono.never()).subscribe();
        for (int i = 0; i < GuildChains.WAITING_MAX; i++) {
            chains.run(1, Mono.just(i)).subscribe(value -> {}, failures::add);
        }
        assertThat(failures).isEmpty();
        chains.run(1, Mono.just("too many")).subscribe(value -> {}, failures::add);
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
        chains.run(2, Mono.just("unharmed")).subscribe(done::add);
        assertThat(done).containsExactly("unharmed");
    }
}
