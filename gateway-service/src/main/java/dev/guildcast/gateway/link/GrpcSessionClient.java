package dev.guildcast.gateway.link;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// The streams to the session hosts, by address, and the sessions that use them.
///
/// - **Owner:** none: concurrent maps, used from gRPC's threads, event loops and the shard map's listener.
/// - **Bound:** one session per connection, one host per address that owns or recently owned a shard.
final class GrpcSessionClient
        implements SessionClient, SessionHosts, GuildCounts, GrpcSessionHost.StreamListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcSessionClient.class);

    /// Period of the checks of all streams: a ping, or the end of a silent stream, is at most so much late.
    static final Duration TICK = Duration.ofMillis(250);

    /// Two checks further apart than this mean that the process was paused, and that what has arrived meanwhile may not
    /// have been read yet.
    private static final Duration TICK_GAP = Duration.ofSeconds(1);

    private final RemoteSessions sessions;
    private final HostMessageRouter router;
    private final Map<String, GrpcSessionHost> hosts = new ConcurrentHashMap<>();
    private final AtomicLong lastHandle = new AtomicLong();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("link-timer").factory());
    private final ShardMapView shardMap;
    private final AutoCloseable mapListener;
    private final Topology topology;
    private final GrpcHostContext hostContext;
    private final LinkContext context;
    private long lastTickNanos;
    private volatile boolean closed;

    GrpcSessionClient(
            ShardMapView shardMap,
            Topology topology,
            GrpcHostChannelFactory channels,
            LinkProperties properties,
            LinkMetrics metrics,
            String gatewayId) {
        this.shardMap = shardMap;
        this.topology = topology;
        this.context = new LinkContext(this, properties, metrics, System::nanoTime);
        this.hostContext =
                new GrpcHostContext(gatewayId, channels::create, properties, metrics, timer, context.nanoTime());
        this.sessions = new RemoteSessions(new ConcurrentHashMap<>(), topology.sessionShards());
        this.router = new HostMessageRouter(sessions);
        metrics.registerSessionGauges(sessions);
        metrics.registerSilence(this::silenceNanos);
        this.mapListener = shardMap.onChange(this::onMapChange);
        // Opens the streams before the first client connects.
        onMapChange();
        this.lastTickNanos = System.nanoTime();
        var unused =
                timer.scheduleWithFixedDelay(this::tickSafely, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tickSafely() {
        long now = System.nanoTime();
        boolean processPaused = now - lastTickNanos > TICK_GAP.toNanos();
        lastTickNanos = now;
        for (var host : hosts.values()) {
            try {
                host.onTick(processPaused);
            } catch (RuntimeException e) {
                log.error(
                        "the check of the stream to host {} failed; the next one runs as scheduled", host.address(), e);
            }
        }
    }

    @Override
    public SessionHandle identify(Open.Builder open, Loop loop, SessionListener listener) {
        long attachId = randomId();
        var request = open.setRequest(randomId()).setAttachId(attachId).build();
        int shard = topology.sessionShard(open.getUserId()).index();
        var key = new SessionKey(lastHandle.incrementAndGet(), attachId, open.getUserId(), shard);
        return register(new RemoteSession(key, new SessionStart.IdentifyStart(request), loop, listener, context));
    }

    @Override
    public SessionHandle resume(ResumeRequest request, Loop loop, SessionListener listener) {
        var id = request.id();
        var key = new SessionKey(lastHandle.incrementAndGet(), randomId(), request.userId(), id.shard());
        var start = new SessionStart.ResumeStart(id.text(), request.sequence(), request.version(), request.encoding());
        return register(new RemoteSession(key, start, loop, listener, context));
    }

    @Override
    public Mono<OptionalInt> guildCount(long userId) {
        var owner = owner(topology.sessionShard(userId).index());
        return owner.isEmpty() || closed
                ? Mono.just(OptionalInt.empty())
                : grpcHostAt(owner.get().address()).guildCount(userId);
    }

    private RemoteSession register(RemoteSession session) {
        sessions.add(session);
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
        return grpcHostAt(address);
    }

    private GrpcSessionHost grpcHostAt(String address) {
        return hosts.computeIfAbsent(address, it -> {
            var host = new GrpcSessionHost(it, hostContext, this);
            if (!closed) {
                host.connectAsync();
            }
            return host;
        });
    }

    @Override
    public void remove(long handle) {
        sessions.remove(handle);
    }

    private void onMapChange() {
        if (closed) {
            return;
        }
        for (int shard = 0; shard < topology.sessionShards(); shard++) {
            owner(shard).ifPresent(it -> hostAt(it.address()));
        }
        router.onMapChange();
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
        router.onUp(host);
    }

    @Override
    public void onShardSilent(GrpcSessionHost host, int shard) {
        router.onShardSilent(host, shard);
    }

    @Override
    public boolean onDown(GrpcSessionHost host) {
        router.onDown(host);
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
        router.onMessage(host, message);
    }

    /// The state of the stream to each owner of a session shard.
    List<HostState> hostStates() {
        return hosts.values().stream()
                .filter(host -> ownsAnyShard(host.address()))
                .map(host -> new HostState(host.address(), host.isUp(), Duration.ofNanos(host.silenceNanos())))
                .sorted(Comparator.comparing(HostState::address))
                .toList();
    }

    private long silenceNanos() {
        return hosts.values().stream()
                .filter(host -> ownsAnyShard(host.address()))
                .mapToLong(GrpcSessionHost::silenceNanos)
                .max()
                .orElse(0);
    }

    /// The stream to an owner of session shards.
    ///
    /// @param silence time since anything came from it
    record HostState(String address, boolean up, Duration silence) {}

    @Override
    public void close() throws Exception {
        closed = true;
        mapListener.close();
        hosts.values().forEach(GrpcSessionHost::close);
        timer.shutdownNow();
    }
}
