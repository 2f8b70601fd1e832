package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.control.MediaExecutor;
import dev.guildcast.voiceserver.limit.LoadLevel;
import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.relay.DatagramDispatcher;
import dev.guildcast.voiceserver.room.Rooms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that reads the port, carries out commands and sends everything.
///
/// A turn answers probes, executes some commands, then works off datagrams until none is left or its time is up; so
/// a command waits for one turn at most when few are given, also while packets come without end.
///
/// - **Owner:** itself of rooms and relay; `offer` from any thread.
/// - **Bound:** `commandsMax` commands, [#PROBES_MAX] probes.
/// - **Promise:** a failure of one packet or command is logged and counted, and ends neither the loop nor another's
/// packet.
public final class MediaLoop implements MediaExecutor, AutoCloseable {
    /// Two ask at a time, signaling and the health of this process.
    static final int PROBES_MAX = 16;

    /// How long a turn works off datagrams.
    private static final long TURN_NANOS = Duration.ofMillis(5).toNanos();

    /// How many commands a turn carries out: a join makes two ciphers, about 20 microseconds.
    private static final int TURN_COMMANDS = 256;

    /// An idle loop turns at least this often, so that [#sinceTurn] distinguishes idle from stuck.
    private static final long SELECT_MILLIS = 50;
    /// Short against the 15 s for which an address may be idle at least.
    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();
    /// One line a second is enough to notice a bug, and cannot flood the log.
    private static final long LOG_NANOS = Duration.ofSeconds(1).toNanos();
    /// A thousand times a turn: a loop that takes longer is stuck.
    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(MediaLoop.class);

    private final UdpPort port;
    private final DatagramDispatcher dispatcher;
    private final Rooms rooms;
    private final LoadShedder shedder;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Task> commands;
    private final BlockingQueue<Task> probes = new ArrayBlockingQueue<>(PROBES_MAX);
    private final ByteBuffer datagram = ByteBuffer.allocate(UdpPort.RECEIVE_BYTES);
    private final AtomicLong failures = new AtomicLong();
    private final Selector selector;
    private final Thread thread =
            Thread.ofPlatform().name("media-loop").daemon(false).unstarted(this::run);
    private long loggedNanos;
    private long sweptNanos;
    private volatile long turnedNanos;
    private volatile boolean closing;
    private volatile boolean ended;

    /// @throws IOException if the port cannot be watched
    public MediaLoop(LoopParts parts, int commandsMax, LongSupplier nanoTime) throws IOException {
        this.port = parts.port();
        this.dispatcher = parts.dispatcher();
        this.rooms = parts.rooms();
        this.shedder = parts.shedder();
        this.nanoTime = nanoTime;
        this.commands = new ArrayBlockingQueue<>(commandsMax);
        selector = Selector.open();
        port.register(selector);
        turnedNanos = nanoTime.getAsLong();
        sweptNanos = turnedNanos;
        loggedNanos = turnedNanos - LOG_NANOS;
    }

    /// What the loop owns.
    public record LoopParts(UdpPort port, DatagramDispatcher dispatcher, Rooms rooms, LoadShedder shedder) {}

    public void start() {
        thread.start();
    }

    @Override
    public Offer offer(Task task) {
        return offer(commands, task);
    }

    @Override
    public Offer offerUrgent(Task task) {
        return offer(probes, task);
    }

    /// How long ago the last turn ended: at most [#SELECT_MILLIS] and a turn while the loop is well.
    public Duration sinceTurn() {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - turnedNanos));
    }

    public boolean isRunning() {
        return thread.isAlive() && !ended;
    }

    public int commandsWaiting() {
        return commands.size();
    }

    /// Packets and commands that failed by a bug.
    public long failures() {
        return failures.get();
    }

    /// For measurements of the thread.
    public long threadId() {
        return thread.threadId();
    }

    /// Ends the loop, destroys all keys and closes the port.
    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            if (thread.isAlive() && !thread.join(END_WITHIN)) {
                log.error("the media loop did not end within {}; its port is closed under it", END_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        port.close();
        selector.close();
    }

    private Offer offer(BlockingQueue<Task> queue, Task task) {
        if (closing || ended) {
            return Offer.CLOSED;
        }
        if (!queue.offer(task)) {
            return Offer.FULL;
        }
        if ((closing || ended) && queue.remove(task)) {
            // The loop may have looked for the last time before it was there.
            return Offer.CLOSED;
        }
        selector.wakeup();
        return Offer.ACCEPTED;
    }

    private void run() {
        try {
            boolean isDrained = true;
            while (!closing) {
                if (isDrained && commands.isEmpty() && probes.isEmpty()) {
                    selector.select(SELECT_MILLIS);
                } else {
                    selector.selectNow();
                }
                selector.selectedKeys().clear();
                isDrained = turn();
            }
        } catch (IOException | RuntimeException | Error failed) {
            log.error("the media loop ended: no media is relayed any more; restart this server", failed);
        } finally {
            ended = true;
            end(probes);
            end(commands);
            rooms.clear();
        }
    }

    /// @return whether no datagram is left
    private boolean turn() throws IOException {
        long startNanos = nanoTime.getAsLong();
        runAll(probes, PROBES_MAX);
        runAll(commands, TURN_COMMANDS);
        boolean isDrained = false;
        long nowNanos = nanoTime.getAsLong();
        long endNanos = nowNanos + TURN_NANOS;
        while (!isDrained && endNanos - nowNanos > 0) {
            InetSocketAddress source = port.receive(datagram);
            isDrained = source == null;
            if (source != null) {
                relay(source, nowNanos);
            }
            nowNanos = nanoTime.getAsLong();
        }
        if (nowNanos - sweptNanos >= SWEEP_NANOS) {
            sweptNanos = nowNanos;
            rooms.dropIdle(nowNanos);
        }
        LoadLevel before = shedder.level();
        shedder.onTurn(nowNanos - startNanos, nowNanos);
        if (shedder.level() != before) {
            onLevel(before, shedder.level());
        }
        turnedNanos = nowNanos;
        return isDrained;
    }

    private void onLevel(LoadLevel before, LoadLevel level) {
        long percent = Math.round(100 * shedder.busyShare());
        if (level.compareTo(before) > 0) {
            log.warn(
                    "the media loop is {} % busy: {} from now on; move rooms to other servers, or add one",
                    percent, level);
        } else {
            log.info("the media loop is {} % busy: {} from now on", percent, level);
        }
    }

    private void relay(InetSocketAddress source, long nowNanos) {
        try {
            dispatcher.onPacket(datagram, source, nowNanos);
        } catch (RuntimeException bug) {
            onFailure("a packet", bug);
        }
    }

    private void runAll(BlockingQueue<Task> queue, int most) {
        for (int i = 0; i < most; i++) {
            Task task = queue.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException bug) {
                onFailure("a command", bug);
            }
        }
    }

    private void onFailure(String what, RuntimeException bug) {
        failures.incrementAndGet();
        long nowNanos = nanoTime.getAsLong();
        // One a second: a packet that does it may come a thousand times.
        if (nowNanos - loggedNanos >= LOG_NANOS) {
            loggedNanos = nowNanos;
            log.error(
                    "{} failed by a bug and was skipped, one of {} since the start; media goes on",
                    what,
                    failures.get(),
                    bug);
        }
    }

    private static void end(BlockingQueue<Task> queue) {
        for (Task task = queue.poll(); task != null; task = queue.poll()) {
            task.onClosed();
        }
    }
}
