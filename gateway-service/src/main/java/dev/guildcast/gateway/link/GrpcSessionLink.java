package dev.guildcast.gateway.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Moved;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions of this gateway by handle, and their hosts by address; routes each message of a host to the event loop
/// of the session that it is for.
///
/// - **Owner:** none: concurrent maps, used from gRPC's threads, event loops and the shard map's listener.
/// - **Bound:** one session per connection, one host per address that owns or recently owned a shard.
/// - **Promise:** messages of one host to one session arrive in order. A batch is one task per event loop concerned.
final class GrpcSessionLink implements SessionLink, SessionHosts, GrpcSessionHost.StreamListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcSessionLink.class);

    private final Map<Long, RemoteSession> sessions = new ConcurrentHashMap<>();
    private final AtomicIntegerArray sessionsPerShard;
    private final Map<String, GrpcSessionHost> hosts = new ConcurrentHashMap<>();
    private final AtomicLong lastHandle = new AtomicLong();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("link-timer").factory());
    private final ShardMapView shardMap;
    private final AutoCloseable mapListener;
    private final Topology topology;
    private final GrpcHostChannelFactory channels;
    private final LinkProperties properties;
    private final LinkMetrics metrics;
    private final String gatewayId;
    private volatile boolean closed;

    GrpcSessionLink(
            ShardMapView shardMap,
            Topology topology,
            GrpcHostChannelFactory channels,
            LinkProperties properties,
            LinkMetrics metrics,
            String gatewayId) {
        this.shardMap = shardMap;
        this.topology = topology;
        this.channels = channels;
        this.properties = properties;
        this.metrics = metrics;
        this.gatewayId = gatewayId;
        sessionsPerShard = new AtomicIntegerArray(topology.sessionShards());
        metrics.registerSessionGauges(sessionsPerShard);
        this.mapListener = shardMap.onChange(this::onMapChange);
        // Opens the streams before the first client connects.
        onMapChange();
    }

    @Override
    public SessionHandle identify(Open.Builder open, Loop loop, SessionListener listener) {
        long attachId = randomId();
        var request = open.setRequest(randomId()).setAttachId(attachId).build();
        int shard = topology.sessionShard(open.getUserId()).index();
        return register(new RemoteSession(
                lastHandle.incrementAndGet(),
                attachId,
                open.getUserId(),
                shard,
                request,
                "",
                0,
                loop,
                this,
                listener,
                properties,
                metrics));
    }

    @Override
    public SessionHandle resume(SessionId id, long userId, int sequence, Loop loop, SessionListener listener) {
        return register(new RemoteSession(
                lastHandle.incrementAndGet(),
                randomId(),
                userId,
                id.shard(),
                null,
                id.text(),
                sequence,
                loop,
                this,
                listener,
                properties,
                metrics));
    }

    private RemoteSession register(RemoteSession session) {
        sessions.put(session.handle(), session);
        sessionsPerShard.incrementAndGet(session.shard());
        session.loop().execute(session::attachToOwner);
        return session;
    }

    private long randomId() {
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return id;
    }

    @Override
    public Optional<ShardOwner> owner(int sessionShard) {
        return shardMap.owner(ShardId.session(sessionShard));
    }

    @Override
    public SessionHost hostAt(String address) {
        return hosts.computeIfAbsent(address, it -> {
            var host = new GrpcSessionHost(it, gatewayId, channels.create(it), this, properties, timer);
            if (!closed) {
                host.connectAsync();
            }
            return host;
        });
    }

    @Override
    public void remove(long handle) {
        RemoteSession session = sessions.remove(handle);
        if (session != null) {
            sessionsPerShard.decrementAndGet(session.shard());
        }
    }

    private void onMapChange() {
        if (closed) {
            return;
        }
        for (int shard = 0; shard < topology.sessionShards(); shard++) {
            owner(shard).ifPresent(it -> hostAt(it.address()));
        }
        sessions.values().forEach(session -> session.loop().execute(session::onMapChange));
    }

    private boolean ownsAnyShard(String address) {
        for (int shard = 0; shard < topology.sessionShards(); shard++) {
            if (owner(shard).filter(it -> it.address().equals(address)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onUp(GrpcSessionHost host) {
        sessions.values().forEach(session -> session.loop().execute(() -> session.onHostUp(host)));
    }

    @Override
    public boolean onDown(GrpcSessionHost host) {
        sessions.values().forEach(session -> session.loop().execute(() -> session.onHostDown(host)));
        if (closed) {
            return false;
        }
        if (ownsAnyShard(host.address())) {
            return true;
        }
        if (hosts.remove(host.address(), host)) {
            host.close();
        }
        return false;
    }

    @Override
    public void onMessage(GrpcSessionHost host, HostMessage message) {
        switch (message.getMessageCase()) {
            case BATCH -> onBatch(host, message.getBatch());
            case OPENED ->
                runOnLoop(
                        message.getOpened().getHandle(),
                        session -> session.onOpened(host, message.getOpened().getSessionId()));
            case ATTACHMENT -> runOnLoop(message.getAttachment().getHandle(), session -> session.onAttached(host));
            case REFUSED ->
                runOnLoop(
                        message.getRefused().getHandle(),
                        session -> session.onRefused(host, message.getRefused().getCloseCode()));
            case REPLAY_DONE ->
                runOnLoop(
                        message.getReplayDone().getHandle(),
                        session -> session.onReplayDone(message.getReplayDone().getSequence()));
            case COMMAND_ACK ->
                runOnLoop(
                        message.getCommandAck().getHandle(),
                        session -> session.onCommandAck(message.getCommandAck().getNumber()));
            case RETRY -> runOnLoop(message.getRetry().getHandle(), session -> session.onRetry(host));
            case INVALID -> runOnLoop(message.getInvalid().getHandle(), session -> session.onInvalid(host));
            case SUPERSEDED -> runOnLoop(message.getSuperseded().getHandle(), session -> session.onSuperseded(host));
            case CLOSED -> runOnLoop(message.getClosed().getHandle(), session -> session.onInvalid(host));
            case PARKED -> runOnLoop(message.getParked().getHandle(), session -> session.onParked(host));
            case MOVED -> onMoved(host, message.getMoved());
            case HELLO, MESSAGE_NOT_SET ->
                log.debug("host {} sent a message that this gateway does not know; it is ignored", host.address());
        }
    }

    private void runOnLoop(long handle, Consumer<RemoteSession> action) {
        var session = sessions.get(handle);
        if (session != null) {
            session.loop().execute(() -> action.accept(session));
        }
    }

    private void onMoved(GrpcSessionHost host, Moved moved) {
        if (moved.getHandlesCount() > 0) {
            moved.getHandlesList().forEach(handle -> runOnLoop(handle, session -> session.onMoved(host)));
            return;
        }
        sessions.values().stream()
                .filter(session -> session.shard() == moved.getShard())
                .forEach(session -> session.loop().execute(() -> session.onMoved(host)));
    }

    /// Copies each payload once and groups the dispatches by event loop. Credit is returned when the last loop is done.
    private void onBatch(GrpcSessionHost host, DispatchBatch batch) {
        Map<Loop, List<DispatchEntry>> byLoop = new HashMap<>();
        for (var dispatch : batch.getDispatchesList()) {
            var shared =
                    new SharedDispatch(dispatch.getType(), dispatch.getData().toByteArray(), dispatch.getPublishedMillis());
            int entries = Math.min(dispatch.getHandlesCount(), dispatch.getSequencesCount());
            for (int i = 0; i < entries; i++) {
                var session = sessions.get(dispatch.getHandles(i));
                if (session != null) {
                    byLoop.computeIfAbsent(session.loop(), it -> new ArrayList<>())
                            .add(new DispatchEntry(session, shared, dispatch.getSequences(i)));
                }
            }
        }
        if (byLoop.isEmpty()) {
            host.returnCredit(batch.getCharge());
            return;
        }
        var pendingLoops = new AtomicInteger(byLoop.size());
        byLoop.forEach((loop, entries) -> loop.execute(() -> {
            entries.forEach(it -> it.session.onDispatch(host, it.dispatch, it.sequence));
            if (pendingLoops.decrementAndGet() == 0) {
                host.returnCredit(batch.getCharge());
            }
        }));
    }

    private record DispatchEntry(RemoteSession session, SharedDispatch dispatch, int sequence) {}

    /// Passes the address of each host and whether its stream is up.
    void forEachHost(BiConsumer<String, Boolean> consumer) {
        hosts.forEach((address, host) -> consumer.accept(address, host.isUp()));
    }

    @Override
    public void close() throws Exception {
        closed = true;
        mapListener.close();
        hosts.values().forEach(GrpcSessionHost::close);
        timer.shutdownNow();
    }
}
