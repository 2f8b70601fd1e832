package dev.guildcast.gateway.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.Loop;
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

/// Lines by handle, hosts by address; carries what hosts say to the loops of the lines it is for.
///
/// - **Owner:** none: concurrent maps, read and written from gRPC's threads, event loops and the map's listener.
/// - **Bound:** one line a connection, one host an address that owns or lately owned a shard.
/// - **Promise:** what one host says to one line arrives in order. A batch is one task for each event loop concerned.
final class GrpcSessionLink implements SessionLink, Hosts, GrpcHost.Inbox, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcSessionLink.class);

    private final Map<Long, SessionLine> lines = new ConcurrentHashMap<>();
    private final AtomicIntegerArray linesOfShard;
    private final Map<String, GrpcHost> hosts = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("link-timer").factory());
    private final ShardMapView map;
    private final AutoCloseable mapListener;
    private final Topology topology;
    private final GrpcHostChannels channels;
    private final LinkProperties properties;
    private final LinkMetrics metrics;
    private final String gatewayId;
    private volatile boolean closed;

    GrpcSessionLink(
            ShardMapView map,
            Topology topology,
            GrpcHostChannels channels,
            LinkProperties properties,
            LinkMetrics metrics,
            String gatewayId) {
        this.map = map;
        this.topology = topology;
        this.channels = channels;
        this.properties = properties;
        this.metrics = metrics;
        this.gatewayId = gatewayId;
        linesOfShard = new AtomicIntegerArray(topology.sessionShards());
        metrics.lines(linesOfShard);
        this.mapListener = map.onChange(this::onMapChange);
        // Streams stand before the first client comes.
        onMapChange();
    }

    @Override
    public LinkedSession identify(Open.Builder open, Loop loop, SessionEvents events) {
        long attachId = id();
        var request = open.setRequest(id()).setAttachId(attachId).build();
        int shard = topology.sessionShard(open.getUserId()).index();
        return begin(new SessionLine(
                handles.incrementAndGet(),
                attachId,
                open.getUserId(),
                shard,
                request,
                "",
                0,
                loop,
                this,
                events,
                properties,
                metrics));
    }

    @Override
    public LinkedSession resume(SessionId id, long userId, int sequence, Loop loop, SessionEvents events) {
        return begin(new SessionLine(
                handles.incrementAndGet(),
                id(),
                userId,
                id.shard(),
                null,
                id.text(),
                sequence,
                loop,
                this,
                events,
                properties,
                metrics));
    }

    private SessionLine begin(SessionLine line) {
        lines.put(line.handle(), line);
        linesOfShard.incrementAndGet(line.shard());
        line.loop().execute(line::seek);
        return line;
    }

    private long id() {
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return id;
    }

    @Override
    public Optional<ShardOwner> owner(int sessionShard) {
        return map.owner(ShardId.session(sessionShard));
    }

    @Override
    public Host at(String address) {
        return hosts.computeIfAbsent(address, it -> {
            var host = new GrpcHost(it, gatewayId, channels.to(it), this, properties, timer);
            if (!closed) {
                host.connectSoon();
            }
            return host;
        });
    }

    @Override
    public void forget(long handle) {
        SessionLine line = lines.remove(handle);
        if (line != null) {
            linesOfShard.decrementAndGet(line.shard());
        }
    }

    private void onMapChange() {
        if (closed) {
            return;
        }
        for (int shard = 0; shard < topology.sessionShards(); shard++) {
            owner(shard).ifPresent(it -> at(it.address()));
        }
        lines.values().forEach(line -> line.loop().execute(line::onMapChange));
    }

    private boolean ownsAny(String address) {
        for (int shard = 0; shard < topology.sessionShards(); shard++) {
            if (owner(shard).filter(it -> it.address().equals(address)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onUp(GrpcHost host) {
        lines.values().forEach(line -> line.loop().execute(() -> line.onHostUp(host)));
    }

    @Override
    public boolean onDown(GrpcHost host) {
        lines.values().forEach(line -> line.loop().execute(() -> line.onHostDown(host)));
        if (closed) {
            return false;
        }
        if (ownsAny(host.address())) {
            return true;
        }
        if (hosts.remove(host.address(), host)) {
            host.close();
        }
        return false;
    }

    @Override
    public void onMessage(GrpcHost host, HostMessage message) {
        switch (message.getMessageCase()) {
            case BATCH -> onBatch(host, message.getBatch());
            case OPENED ->
                tell(
                        message.getOpened().getHandle(),
                        line -> line.onOpened(host, message.getOpened().getSessionId()));
            case ATTACHMENT -> tell(message.getAttachment().getHandle(), line -> line.onAttached(host));
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
            case PARKED -> tell(message.getParked().getHandle(), line -> line.onParked(host));
            case MOVED -> onMoved(host, message.getMoved());
            case HELLO, MESSAGE_NOT_SET -> log.debug("host {} says what this gateway does not know", host.address());
        }
    }

    private void tell(long handle, Consumer<SessionLine> what) {
        var line = lines.get(handle);
        if (line != null) {
            line.loop().execute(() -> what.accept(line));
        }
    }

    private void onMoved(GrpcHost host, Moved moved) {
        if (moved.getHandlesCount() > 0) {
            moved.getHandlesList().forEach(handle -> tell(handle, line -> line.onMoved(host)));
            return;
        }
        lines.values().stream()
                .filter(line -> line.shard() == moved.getShard())
                .forEach(line -> line.loop().execute(() -> line.onMoved(host)));
    }

    /// Payloads are copied out once, entries sorted by the loop they belong to.
    private void onBatch(GrpcHost host, DispatchBatch batch) {
        Map<Loop, List<Entry>> byLoop = new HashMap<>();
        for (var dispatch : batch.getDispatchesList()) {
            var shared =
                    new SharedDispatch(dispatch.getType(), dispatch.getData().toByteArray(), dispatch.getAppendedAt());
            int entries = Math.min(dispatch.getHandlesCount(), dispatch.getSequencesCount());
            for (int i = 0; i < entries; i++) {
                var line = lines.get(dispatch.getHandles(i));
                if (line != null) {
                    byLoop.computeIfAbsent(line.loop(), it -> new ArrayList<>())
                            .add(new Entry(line, shared, dispatch.getSequences(i)));
                }
            }
        }
        if (byLoop.isEmpty()) {
            host.giveBack(batch.getCharge());
            return;
        }
        var loopsLeft = new AtomicInteger(byLoop.size());
        byLoop.forEach((loop, entries) -> loop.execute(() -> {
            entries.forEach(it -> it.line.onDispatch(host, it.dispatch, it.sequence));
            if (loopsLeft.decrementAndGet() == 0) {
                host.giveBack(batch.getCharge());
            }
        }));
    }

    private record Entry(SessionLine line, SharedDispatch dispatch, int sequence) {}

    /// Addresses with a stream, and whether it is up.
    void forEachHost(BiConsumer<String, Boolean> consumer) {
        hosts.forEach((address, host) -> consumer.accept(address, host.isUp()));
    }

    @Override
    public void close() throws Exception {
        closed = true;
        mapListener.close();
        hosts.values().forEach(GrpcHost::close);
        timer.shutdownNow();
    }
}
