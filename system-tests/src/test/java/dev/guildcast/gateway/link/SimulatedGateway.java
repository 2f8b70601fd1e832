package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.Loop;
import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/// A gateway without sockets or network: the lines that production runs, on one event loop whose clock and random
/// numbers a simulator owns.
///
/// - **Owner:** the simulator's thread.
public final class SimulatedGateway implements Hosts {
    /// Where messages to hosts go, and streams are begun.
    public interface Network {
        /// A stream to this address is wanted.
        void wanted(SimulatedGateway gateway, String address);

        void send(SimulatedGateway gateway, String address, GatewayMessage message);
    }

    /// A line's newest question: to whom, and what it said that the client has.
    private record Asked(String address, int sequence) {}

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final LinkProperties PROPERTIES = new LinkProperties(
            List.of(),
            DataSize.ofMegabytes(1),
            Duration.ofSeconds(10),
            Duration.ZERO,
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofSeconds(3),
            65_536,
            256,
            Duration.ZERO);

    private final Network network;
    private final Random random;
    private final LongSupplier nanos;
    private final boolean checksSequences;
    private final TreeMap<Long, SessionLine> lines = new TreeMap<>();
    private final TreeMap<String, At> hosts = new TreeMap<>();
    private final Map<Integer, ShardOwner> owners = new HashMap<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Map<Long, String> attachedTo = new HashMap<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final LinkMetrics metrics = new LinkMetrics(METERS);
    private final SimulatedLoop loop = new SimulatedLoop();
    private long handles;
    private long timersMade;

    /// @param checksSequences false makes it forward whatever comes, as if it were next
    public SimulatedGateway(Network network, Random random, LongSupplier nanos, boolean checksSequences) {
        this.network = network;
        this.random = random;
        this.nanos = nanos;
        this.checksSequences = checksSequences;
    }

    /// A new session.
    public LinkedSession identify(Open.Builder open, int shard, SessionEvents events) {
        return begin(shard, open.getAttachId(), open.getUserId(), open.build(), "", 0, events);
    }

    /// A session that a client left.
    public LinkedSession resume(
            int shard, long attachId, long userId, String sessionId, int sequence, SessionEvents events) {
        return begin(shard, attachId, userId, null, sessionId, sequence, events);
    }

    private LinkedSession begin(
            int shard, long attachId, long userId, Open open, String sessionId, int last, SessionEvents events) {
        var line = new SessionLine(
                ++handles, attachId, userId, shard, open, sessionId, last, loop, this, events, PROPERTIES, metrics);
        lines.put(line.handle(), line);
        line.seek();
        return line;
    }

    /// The host that has this connection's session in hand, as far as this gateway was told; empty if none.
    public Optional<String> attachedTo(LinkedSession session) {
        return Optional.ofNullable(attachedTo.get(((SessionLine) session).handle()));
    }

    /// The last sequence that the client had when this connection's session was asked for last.
    public int asked(LinkedSession session) {
        var question = asked.get(handle(session));
        return question == null ? 0 : question.sequence;
    }

    private void attached(long handle, String address) {
        var question = asked.get(handle);
        if (question != null && question.address.equals(address)) {
            attachedTo.put(handle, address);
        }
    }

    public long handle(LinkedSession session) {
        return ((SessionLine) session).handle();
    }

    /// The map as this gateway has it changed.
    public void owner(int shard, String address, long epoch) {
        owners.put(shard, new ShardOwner(address, address, epoch));
    }

    public void mapChanged() {
        each(SessionLine::onMapChange);
    }

    public void onUp(String address) {
        var host = host(address);
        host.up = true;
        each(line -> line.onHostUp(host));
    }

    public void onDown(String address) {
        var host = host(address);
        host.up = false;
        attachedTo.values().removeIf(address::equals);
        each(line -> line.onHostDown(host));
    }

    /// Runs what is due.
    public void runTimers() {
        while (!timers.isEmpty() && timers.peek().atNanos <= nanos.getAsLong()) {
            var due = timers.remove();
            if (!due.cancelled) {
                due.task.run();
            }
        }
    }

    /// A host says something, as [GrpcSessionLink] hears it.
    public void onMessage(String address, HostMessage message) {
        var host = host(address);
        switch (message.getMessageCase()) {
            case BATCH -> {
                for (var dispatch : message.getBatch().getDispatchesList()) {
                    var shared = new SharedDispatch(
                            dispatch.getType(), dispatch.getData().toByteArray(), dispatch.getAppendedAt());
                    for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                        int sequence = dispatch.getSequences(i);
                        tell(dispatch.getHandles(i), line -> dispatch(line, host, shared, sequence));
                    }
                }
                host.offer(GatewayMessage.newBuilder()
                        .setCredit(
                                Credit.newBuilder().setBytes(message.getBatch().getCharge()))
                        .build());
            }
            case OPENED -> {
                attached(message.getOpened().getHandle(), address);
                tell(
                        message.getOpened().getHandle(),
                        line -> line.onOpened(host, message.getOpened().getSessionId()));
            }
            case ATTACHMENT -> {
                attached(message.getAttachment().getHandle(), address);
                tell(message.getAttachment().getHandle(), line -> line.onAttached(host));
            }
            case REFUSED ->
                tell(
                        message.getRefused().getHandle(),
                        line -> line.onRefused(host, message.getRefused().getCloseCode()));
            case REPLAY_DONE ->
                tell(
                        message.getReplayDone().getHandle(),
                        line -> line.onReplayDone(message.getReplayDone().getSequence()));
            case COMMAND_ACK ->
                tell(
                        message.getCommandAck().getHandle(),
                        line -> line.onAck(message.getCommandAck().getNumber()));
            case RETRY -> tell(message.getRetry().getHandle(), line -> line.onRetry(host));
            case INVALID -> tell(message.getInvalid().getHandle(), line -> line.onInvalid(host));
            case SUPERSEDED -> tell(message.getSuperseded().getHandle(), line -> line.onSuperseded(host));
            case CLOSED -> tell(message.getClosed().getHandle(), line -> line.onInvalid(host));
            case PARKED -> {
                attachedTo.remove(message.getParked().getHandle(), address);
                tell(message.getParked().getHandle(), line -> line.onParked(host));
            }
            case MOVED -> {
                var moved = message.getMoved();
                if (moved.getHandlesCount() > 0) {
                    moved.getHandlesList().forEach(handle -> moved(handle, host));
                } else {
                    for (var line : List.copyOf(lines.values())) {
                        if (line.shard() == moved.getShard()) {
                            moved(line.handle(), host);
                        }
                    }
                }
            }
            case HELLO, MESSAGE_NOT_SET -> {}
        }
    }

    private void moved(long handle, At host) {
        attachedTo.remove(handle, host.address);
        tell(handle, line -> line.onMoved(host));
    }

    private void dispatch(SessionLine line, At host, SharedDispatch shared, int sequence) {
        int passed = sequence;
        if (!checksSequences) {
            passed = forwarded.merge(line.handle(), 1, Integer::sum);
        }
        line.onDispatch(host, shared, passed);
    }

    /// For a gateway that does not check: what it takes for the next sequence of a line.
    private final Map<Long, Integer> forwarded = new HashMap<>();

    /// Where a line that does not check begins to count.
    public void countFrom(LinkedSession session, int last) {
        forwarded.put(handle(session), last);
    }

    private void tell(long handle, Consumer<SessionLine> what) {
        var line = lines.get(handle);
        if (line != null) {
            what.accept(line);
        }
    }

    private void each(Consumer<SessionLine> what) {
        for (var line : new ArrayList<>(lines.values())) {
            if (lines.containsKey(line.handle())) {
                what.accept(line);
            }
        }
    }

    @Override
    public Optional<ShardOwner> owner(int sessionShard) {
        return Optional.ofNullable(owners.get(sessionShard));
    }

    @Override
    public Host at(String address) {
        return host(address);
    }

    @Override
    public void forget(long handle) {
        lines.remove(handle);
        attachedTo.remove(handle);
    }

    private At host(String address) {
        return hosts.computeIfAbsent(address, At::new);
    }

    private final class At implements Host {
        private final String address;
        private boolean up;

        private At(String address) {
            this.address = address;
            network.wanted(SimulatedGateway.this, address);
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public boolean offer(GatewayMessage message) {
            switch (message.getMessageCase()) {
                case OPEN ->
                    asks(message.getOpen().getHandle(), message.getOpen().getSeen());
                case ATTACH ->
                    asks(message.getAttach().getHandle(), message.getAttach().getSequence());
                case REATTACH ->
                    asks(
                            message.getReattach().getHandle(),
                            message.getReattach().getSequence());
                case DETACH -> attachedTo.remove(message.getDetach().getHandle());
                case HELLO, COMMAND, CREDIT, PARK, MESSAGE_NOT_SET -> {}
            }
            if (!up) {
                return false;
            }
            network.send(SimulatedGateway.this, address, message);
            return true;
        }

        private void asks(long handle, int sequence) {
            asked.put(handle, new Asked(address, sequence));
            attachedTo.remove(handle);
        }
    }

    private static final class Due implements Comparable<Due>, Loop.Timer {
        private final long atNanos;
        private final long number;
        private final Runnable task;
        private boolean cancelled;

        private Due(long atNanos, long number, Runnable task) {
            this.atNanos = atNanos;
            this.number = number;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final class SimulatedLoop implements Loop {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        /// Lines spread their questions by random numbers of their own; here the seed decides, or no run could be
        /// repeated.
        @Override
        public Timer schedule(Runnable task, Duration delay) {
            long millis = delay.toMillis() < 1_000
                    ? 100 + random.nextInt(200)
                    : delay.toMillis() < 5_000 ? 1_500 + random.nextInt(3_000) : delay.toMillis();
            var due = new Due(nanos.getAsLong() + millis * 1_000_000, ++timersMade, task);
            timers.add(due);
            return due;
        }
    }
}
