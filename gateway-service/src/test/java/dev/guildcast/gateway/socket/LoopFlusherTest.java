package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopFlusherTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private long nowNanos;
    private final LoopFlusher flusher = new LoopFlusher(channel.eventLoop(), () -> nowNanos);

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    private LoopFlusher.Flushable socket(String name, long writeNanos) {
        return new LoopFlusher.Flushable() {
            @Override
            public void writeQueued() {
                nowNanos += writeNanos;
                events.add("write " + name);
            }

            @Override
            public void flushChannel() {
                events.add("flush " + name);
            }
        };
    }

    private void queue(int frames) {
        for (int i = 0; i < frames; i++) {
            flusher.onQueued();
        }
    }

    @Test
    void flushesBehindTheTasksThatAreQueued() {
        channel.eventLoop().execute(() -> flusher.add(socket("a", 0)));
        channel.eventLoop().execute(() -> flusher.add(socket("b", 0)));
        channel.runPendingTasks();
        assertThat(events).containsExactly("write a", "write b", "flush a", "flush b");
        channel.runPendingTasks();
        assertThat(events).hasSize(4);
    }

    @Test
    void isNotEnteredAgainByASocketThatQueuesMoreWhileItIsWritten() {
        var other = socket("b", 0);
        flusher.add(new LoopFlusher.Flushable() {
            @Override
            public void writeQueued() {
                events.add("write a");
                flusher.add(other);
                nowNanos += 60_000_000;
                queue(64);
            }

            @Override
            public void flushChannel() {
                events.add("flush a");
            }
        });
        channel.runPendingTasks();
        assertThat(events).containsExactly("write a", "flush a", "write b", "flush b");
    }

    @Test
    void flushesWhenTheFirstSocketHasWaitedTooLong() {
        flusher.add(socket("a", 0));
        nowNanos += 5_000_000;
        queue(64);
        assertThat(events).isEmpty();
        nowNanos++;
        queue(64);
        assertThat(events).containsExactly("write a", "flush a");
        flusher.add(socket("b", 0));
        queue(64);
        assertThat(events).hasSize(2);
        channel.runPendingTasks();
        assertThat(events).endsWith("write b", "flush b");
    }

    @Test
    void waitsAsLongAsTheLastFlushTookButNoLongerThanItsLimit() {
        flusher.add(socket("a", 20_000_000));
        channel.runPendingTasks();
        events.clear();
        flusher.add(socket("b", 400_000_000));
        nowNanos += 20_000_000;
        queue(64);
        assertThat(events).isEmpty();
        nowNanos++;
        queue(64);
        assertThat(events).containsExactly("write b", "flush b");
        events.clear();
        flusher.add(socket("c", 0));
        nowNanos += 50_000_001;
        queue(64);
        assertThat(events).containsExactly("write c", "flush c");
    }

    @Test
    void aSocketThatFailsDoesNotKeepTheOthersFromBeingWritten() {
        flusher.add(new LoopFlusher.Flushable() {
            @Override
            public void writeQueued() {
                throw new IllegalStateException("a failure that the test wants to be logged");
            }

            @Override
            public void flushChannel() {
                // Nothing was written.
            }
        });
        flusher.add(socket("b", 0));
        channel.runPendingTasks();
        assertThat(events).containsExactly("write b", "flush b");
    }

    @Test
    void aSocketThatIsAddedByAFlushIsFlushedByIt() {
        flusher.add(new LoopFlusher.Flushable() {
            @Override
            public void writeQueued() {
                flusher.add(socket("b", 0));
            }

            @Override
            public void flushChannel() {
                // Nothing was written.
            }
        });
        channel.runPendingTasks();
        assertThat(events).containsExactly("write b", "flush b");
    }
}
