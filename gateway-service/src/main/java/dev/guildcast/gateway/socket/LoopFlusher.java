package dev.guildcast.gateway.socket;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Flushes the sockets of one event loop that have something to write, once a turn of the loop. A system call for each
/// socket is what an event to many of them costs, so that events that are queued together should share it.
///
/// The flush is a task behind those that the loop has queued when the first socket is added: it waits for work that is
/// there, never for time to pass.
///
/// - **Owner:** the event loop.
/// - **Bound:** each socket of the loop once. A flush begins at most [#DELAY_NANOS_MAX] after the first socket was
///   added, or as long after as the flush before it took: a loop that needs longer to write than to wait gains by
///   waiting, and at most doubles its delay.
final class LoopFlusher implements Runnable {
    /// A socket with something to write.
    interface Flushable {
        /// Passes what is queued to the channel. The flusher has removed the socket.
        void writeQueued();

        /// Flushes the channel.
        void flushChannel();
    }

    private static final Logger log = LoggerFactory.getLogger(LoopFlusher.class);

    /// Far below what a person or a bot notices.
    private static final long DELAY_NANOS_MAX = 5_000_000;

    /// The limit of the delay however long a flush takes: a tenth of the latency that a busy loop is allowed.
    private static final long DELAY_NANOS_LIMIT = 50_000_000;

    /// The clock is read once for so many additions: reading it costs as much as an addition.
    private static final int ADDITIONS_PER_CLOCK_READ = 64;

    /// Sockets that are written before they are flushed: their buffers stay in the processor's cache.
    private static final int GROUP = 64;

    private static final int INITIAL_CAPACITY = 16;

    private final EventLoop eventLoop;
    private final LongSupplier nanoTime;
    private final NettyLoop loop;
    private Flushable[] waiting = new Flushable[INITIAL_CAPACITY];
    private int count;
    private int additions;
    private boolean scheduled;
    /// Writing to a socket may make its connection queue more, on it and on others.
    private boolean flushing;

    private long scheduledNanos;
    private long delayNanos = DELAY_NANOS_MAX;

    LoopFlusher(EventLoop eventLoop, LongSupplier nanoTime) {
        this.eventLoop = eventLoop;
        this.nanoTime = nanoTime;
        this.loop = new NettyLoop(eventLoop);
    }

    NettyLoop loop() {
        return loop;
    }

    /// Adds a socket that is not among those waiting.
    void add(Flushable socket) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, count * 2);
        }
        waiting[count++] = socket;
        if (!scheduled) {
            scheduled = true;
            scheduledNanos = nanoTime.getAsLong();
            eventLoop.execute(this);
        }
    }

    /// A frame was queued on a socket that waits already. Flushes when the first of those waiting has waited too long.
    void onQueued() {
        if (++additions % ADDITIONS_PER_CLOCK_READ == 0
                && !flushing
                && scheduled
                && nanoTime.getAsLong() - scheduledNanos > delayNanos) {
            flush();
        }
    }

    @Override
    public void run() {
        scheduled = false;
        flush();
    }

    private void flush() {
        flushing = true;
        long beginNanos = nanoTime.getAsLong();
        // Sockets that are added meanwhile are flushed, too.
        for (int begin = 0, end; begin < count; begin = end) {
            end = Math.min(begin + GROUP, count);
            for (int i = begin; i < end; i++) {
                try {
                    waiting[i].writeQueued();
                } catch (RuntimeException e) {
                    log.error("writing to a socket failed; the others of its event loop are written", e);
                }
            }
            for (int i = begin; i < end; i++) {
                waiting[i].flushChannel();
            }
        }
        Arrays.fill(waiting, 0, count, null);
        count = 0;
        flushing = false;
        long endNanos = nanoTime.getAsLong();
        scheduledNanos = endNanos;
        delayNanos = Math.clamp(endNanos - beginNanos, DELAY_NANOS_MAX, DELAY_NANOS_LIMIT);
    }
}
