package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/// A gateway without sockets or network: the production [RemoteSession] and [HostMessageRouter] on one event loop,
/// whose clock and random numbers the simulator controls.
///
/// - **Owner:** the simulator's thread.
public final class SimulatedGateway implements SessionHosts {
    /// Carries messages to hosts and opens streams to them.
    public interface Network {
        /// The gateway requests a stream to this address.
        void connectRequested(SimulatedGateway gateway, String address);

        void send(SimulatedGateway gateway, String address, GatewayMessage message);
    }

    /// A session's newest attach request: the host it was sent to, and the client's last sequence that it contained.
    private record SentAttachRequest(String address, int sequence) {}

    /// No simulated topology has more session shards.
    private static final int SESSION_SHARDS_MAX = 2;
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
    private final LongSupplier nanoTime;
    private final boolean checksSequences;
    /// Ordered by handle, so that broadcasts are repeatable.
    private final RemoteSessions sessions = new RemoteSessions(new ConcurrentSkipListMap<>(), SESSION_SHARDS_MAX);
    private final HostMessageRouter router = new HostMessageRouter(sessions);
    private final TreeMap<String, SimulatedHostLink> hosts = new TreeMap<>();
    private final Map<Integer, ShardOwner> owners = new HashMap<>();
    private final Map<Long, SentAttachRequest> attachRequests = new HashMap<>();
    private final Map<Long, String> attachedTo = new HashMap<>();
    private final PriorityQueue<ScheduledTask> timers = new PriorityQueue<>();
    private final LinkContext context = new LinkContext(this, PROPERTIES, new LinkMetrics(METERS));
    private final SimulatedLoop loop = new SimulatedLoop();
    private long lastHandle;
    private long timersCreated;

    /// @param checksSequences false plants a fault: every dispatch is forwarded as if it were the next
    public SimulatedGateway(Network network, Random random, LongSupplier nanoTime, boolean checksSequences) {
        this.network = network;
        this.random = random;
        this.nanoTime = nanoTime;
        this.checksSequences = checksSequences;
    }

    /// A new session.
    public SessionHandle identify(Open.Builder open, int shard, SessionListener listener) {
        return register(
                shard, open.getAttachId(), open.getUserId(), new SessionStart.IdentifyStart(open.build()), listener);
    }

    /// Attaches to an existing session.
    public SessionHandle resume(
            int shard, long attachId, long userId, String sessionId, int sequence, SessionListener listener) {
        return register(shard, attachId, userId, new SessionStart.ResumeStart(sessionId, sequence), listener);
    }

    private SessionHandle register(
            int shard, long attachId, long userId, SessionStart start, SessionListener listener) {
        var key = new SessionKey(++lastHandle, attachId, userId, shard);
        var session = new RemoteSession(key, start, loop, listener, context);
        sessions.add(session);
        session.attachToOwner();
        return session;
    }

    /// The host that this connection's session is attached to, as far as this gateway knows; empty if none.
    public Optional<String> attachedTo(SessionHandle session) {
        return Optional.ofNullable(attachedTo.get(((RemoteSession) session).handle()));
    }

    /// The client's last sequence in the newest attach request of this connection's session; 0 if there was none.
    public int lastRequestedSequence(SessionHandle session) {
        var request = attachRequests.get(handle(session));
        return request == null ? 0 : request.sequence;
    }

    private void noteAttached(long handle, String address) {
        var request = attachRequests.get(handle);
        if (request != null && request.address.equals(address)) {
            attachedTo.put(handle, address);
        }
    }

    public long handle(SessionHandle session) {
        return ((RemoteSession) session).handle();
    }

    /// Sets the owner of a shard in this gateway's shard map.
    public void owner(int shard, String address, long epoch) {
        owners.put(shard, new ShardOwner(address, address, epoch));
    }

    public void mapChanged() {
        router.onMapChange();
    }

    public void onUp(String address) {
        var host = hostLink(address);
        host.up = true;
        router.onUp(host);
    }

    public void onDown(String address) {
        var host = hostLink(address);
        host.up = false;
        attachedTo.values().removeIf(address::equals);
        router.onDown(host);
    }

    /// Runs the tasks that are due.
    public void runTimers() {
        while (!timers.isEmpty() && timers.peek().atNanos <= nanoTime.getAsLong()) {
            var due = timers.remove();
            if (!due.cancelled) {
                due.task.run();
            }
        }
    }

    /// Notes where sessions are attached, then routes the message as production does.
    public void onMessage(String address, HostMessage message) {
        switch (message.getMessageCase()) {
            case OPENED -> noteAttached(message.getOpened().getHandle(), address);
            case ATTACHMENT -> noteAttached(message.getAttachment().getHandle(), address);
            case PARKED -> attachedTo.remove(message.getParked().getHandle(), address);
            case MOVED -> {
                var moved = message.getMoved();
                if (moved.getHandlesCount() > 0) {
                    moved.getHandlesList().forEach(handle -> attachedTo.remove(handle, address));
                } else {
                    sessions.forEachOfShard(moved.getShard(), session -> attachedTo.remove(session.handle(), address));
                }
            }
            case BATCH,
                    REFUSED,
                    REPLAY_DONE,
                    COMMAND_ACK,
                    RETRY,
                    INVALID,
                    SUPERSEDED,
                    CLOSED,
                    HELLO,
                    MESSAGE_NOT_SET -> {}
        }
        router.onMessage(hostLink(address), checksSequences || !message.hasBatch() ? message : renumbered(message));
    }

    /// Makes each dispatch of a batch the next of its session, whatever its sequence is.
    private HostMessage renumbered(HostMessage message) {
        var batch = message.getBatch().toBuilder();
        for (var dispatch : batch.getDispatchesBuilderList()) {
            for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                long handle = dispatch.getHandles(i);
                if (sessions.find(handle) != null) {
                    dispatch.setSequences(i, lastForwarded.merge(handle, 1, Integer::sum));
                }
            }
        }
        return HostMessage.newBuilder().setBatch(batch).build();
    }

    /// For a gateway that does not check sequences: the last sequence that it has forwarded to each session.
    private final Map<Long, Integer> lastForwarded = new HashMap<>();

    /// Sets the sequence from which a session without checks counts.
    public void countFrom(SessionHandle session, int last) {
        lastForwarded.put(handle(session), last);
    }

    @Override
    public Optional<ShardOwner> owner(int sessionShard) {
        return Optional.ofNullable(owners.get(sessionShard));
    }

    @Override
    public SessionHost hostAt(String address) {
        return hostLink(address);
    }

    @Override
    public void remove(long handle) {
        sessions.remove(handle);
        attachedTo.remove(handle);
    }

    private SimulatedHostLink hostLink(String address) {
        return hosts.computeIfAbsent(address, SimulatedHostLink::new);
    }

    private final class SimulatedHostLink implements SessionHost {
        private final String address;
        private boolean up;

        private SimulatedHostLink(String address) {
            this.address = address;
            network.connectRequested(SimulatedGateway.this, address);
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
                    noteAttachRequest(
                            message.getOpen().getHandle(), message.getOpen().getSeen());
                case ATTACH ->
                    noteAttachRequest(
                            message.getAttach().getHandle(), message.getAttach().getSequence());
                case REATTACH ->
                    noteAttachRequest(
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

        /// Production accumulates a quarter of the credit first; here each batch returns its own, so that credit is
        /// part of every interleaving.
        @Override
        public void returnCredit(long bytes) {
            offer(GatewayMessage.newBuilder()
                    .setCredit(Credit.newBuilder().setBytes(bytes))
                    .build());
        }

        private void noteAttachRequest(long handle, int sequence) {
            attachRequests.put(handle, new SentAttachRequest(address, sequence));
            attachedTo.remove(handle);
        }
    }

    private static final class ScheduledTask implements Comparable<ScheduledTask>, Loop.Timer {
        private final long atNanos;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        private ScheduledTask(long atNanos, long order, Runnable task) {
            this.atNanos = atNanos;
            this.order = order;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(ScheduledTask other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final class SimulatedLoop implements Loop {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        /// Production adds random delays of its own; here the seed determines them, so that runs are repeatable.
        @Override
        public Timer schedule(Runnable task, Duration delay) {
            long millis = delay.toMillis() < 1_000
                    ? 100 + random.nextInt(200)
                    : delay.toMillis() < 5_000 ? 1_500 + random.nextInt(3_000) : delay.toMillis();
            var due = new ScheduledTask(nanoTime.getAsLong() + millis * 1_000_000, ++timersCreated, task);
            timers.add(due);
            return due;
        }
    }
}
