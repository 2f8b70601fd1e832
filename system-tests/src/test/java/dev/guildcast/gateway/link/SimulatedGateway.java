package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Ping;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
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

        /// The gateway gives its stream to this address up.
        void abandon(SimulatedGateway gateway, String address);
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
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofMillis(3_500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(4));

    /// What a gateway with these settings states in its Hello.
    public static final int HOLD_MILLIS = (int) PROPERTIES.hold().toMillis();

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
    private final LinkContext context;
    private final SimulatedLoop loop;
    /// The sessions that a silent host had attached, with when the last message came from it.
    private final Map<Long, Long> unreachableSince = new HashMap<>();

    private boolean pings;
    private boolean givesUpSilentStreams;
    private long lastHandle;

    /// @param checksSequences false plants a fault: every dispatch is forwarded as if it were the next
    public SimulatedGateway(Network network, Random random, LongSupplier nanoTime, boolean checksSequences) {
        this.loop = new SimulatedLoop(random, nanoTime);
        this.network = network;
        this.random = random;
        this.nanoTime = nanoTime;
        this.checksSequences = checksSequences;
        this.context = new LinkContext(this, PROPERTIES, new LinkMetrics(METERS), nanoTime);
    }

    /// Sends pings on all streams from now on, and gives those up that do not work.
    ///
    /// @param givesUp false plants a fault: it never does
    public void sendPings(boolean givesUp) {
        pings = true;
        givesUpSilentStreams = givesUp;
    }

    /// The longest time for which nothing has come on a stream that this gateway considers up.
    public long longestSilenceNanos() {
        return hosts.values().stream()
                .filter(host -> host.up)
                .mapToLong(host -> nanoTime.getAsLong() - host.lastReceivedNanos)
                .max()
                .orElse(0);
    }

    /// For how long nothing has come from the silent host that this session was attached to; 0 if it is not silent, has
    /// been replaced, or has answered since.
    public long unreachableNanos(SessionHandle session) {
        var since = unreachableSince.get(handle(session));
        return since == null ? 0 : nanoTime.getAsLong() - since;
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
            unreachableSince.remove(handle);
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
        host.silent = false;
        host.lastReceivedNanos = nanoTime.getAsLong();
        host.liveness = pings ? new StreamLiveness(PROPERTIES, nanoTime.getAsLong()) : null;
        router.onUp(host);
    }

    public void onDown(String address) {
        var host = hostLink(address);
        host.up = false;
        host.silent = false;
        host.liveness = null;
        attachedTo.values().removeIf(address::equals);
        router.onDown(host);
    }

    /// Runs the tasks that are due.
    public void runTimers() {
        loop.runDueTasks();
    }

    /// What production's timer of the link does every 250 ms.
    public void checkStreams() {
        List.copyOf(hosts.values()).forEach(this::checkStream);
    }

    private void checkStream(SimulatedHostLink host) {
        var liveness = host.liveness;
        if (liveness == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (givesUpSilentStreams && liveness.verdict(now) != StreamLiveness.Verdict.ALIVE) {
            attachedTo.forEach((handle, address) -> {
                if (address.equals(host.address)) {
                    unreachableSince.put(handle, host.lastReceivedNanos);
                }
            });
            attachedTo.values().removeIf(host.address::equals);
            host.up = false;
            host.silent = true;
            host.liveness = null;
            network.abandon(this, host.address);
            router.onDown(host);
            return;
        }
        long ping = liveness.takePing(now);
        if (ping != 0) {
            host.offer(GatewayMessage.newBuilder()
                    .setPing(Ping.newBuilder().setId(ping))
                    .build());
        }
        for (int shard : liveness.takeSilentShards(now)) {
            sessions.forEachOfShard(shard, session -> attachedTo.remove(session.handle(), host.address));
            router.onShardSilent(host, shard);
        }
    }

    private void noteReceived(SimulatedHostLink host, HostMessage message) {
        long now = nanoTime.getAsLong();
        host.lastReceivedNanos = now;
        var liveness = host.liveness;
        if (liveness == null) {
            return;
        }
        liveness.onReceived(now);
        if (message.hasPong()) {
            if (message.getPong().hasShard()) {
                liveness.onShardPong(
                        message.getPong().getShard(), message.getPong().getId(), now);
            } else {
                liveness.onPong(message.getPong().getId(), now);
            }
        }
    }

    /// Notes where sessions are attached, then routes the message as production does.
    public void onMessage(String address, HostMessage message) {
        noteReceived(hostLink(address), message);
        if (message.hasPong()) {
            return; // Production's host keeps it from the router.
        }
        switch (message.getMessageCase()) {
            case OPENED -> noteAttached(message.getOpened().getHandle(), address);
            case ATTACHMENT -> noteAttached(message.getAttachment().getHandle(), address);
            case PARKED -> attachedTo.remove(message.getParked().getHandle(), address);
            case RETRY -> unreachableSince.remove(message.getRetry().getHandle());
            case MOVED -> {
                var moved = message.getMoved();
                if (moved.getHandlesCount() > 0) {
                    moved.getHandlesList().forEach(handle -> {
                        attachedTo.remove(handle, address);
                        unreachableSince.remove(handle);
                    });
                } else {
                    sessions.forEachOfShard(moved.getShard(), session -> {
                        attachedTo.remove(session.handle(), address);
                        unreachableSince.remove(session.handle());
                    });
                }
            }
            case BATCH,
                    REFUSED,
                    REPLAY_DONE,
                    COMMAND_ACK,
                    INVALID,
                    SUPERSEDED,
                    CLOSED,
                    HELLO,
                    PONG,
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
        unreachableSince.remove(handle);
    }

    private SimulatedHostLink hostLink(String address) {
        return hosts.computeIfAbsent(address, SimulatedHostLink::new);
    }

    private final class SimulatedHostLink implements SessionHost {
        private final String address;
        private boolean up;
        private boolean silent;
        private long lastReceivedNanos;
        private @Nullable StreamLiveness liveness;

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
        public boolean isSilent() {
            return silent;
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
                case HELLO, COMMAND, CREDIT, PARK, PING, MESSAGE_NOT_SET -> {}
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
            var before = attachRequests.put(handle, new SentAttachRequest(address, sequence));
            if (before != null && !before.address.equals(address)) {
                unreachableSince.remove(handle); // Another owner is asked.
            }
            attachedTo.remove(handle);
        }
    }
}
