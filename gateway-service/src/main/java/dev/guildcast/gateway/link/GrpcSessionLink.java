package dev.guildcast.gateway.link;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import reactor.core.publisher.Mono;

/// The streams to the session hosts, by address, and the sessions that use them.
///
/// - **Owner:** none: concurrent maps, used from gRPC's threads, event loops and the shard map's listener.
/// - **Bound:** one session per connection, one host per address that owns or recently owned a shard.
final class GrpcSessionLink
        implements SessionLink, SessionHosts, GuildCounts, GrpcSessionHost.StreamListener, AutoCloseable {
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
    private final GrpcHostChannelFactory channels;
    private final LinkProperties properties;
    private final LinkContext context;
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
        this.context = new LinkContext(this, properties, metrics);
        this.gatewayId = gatewayId;
        this.sessions = new RemoteSessions(new ConcurrentHashMap<>(), topology.sessionShards());
        this.router = new HostMessageRouter(sessions);
        metrics.registerSessionGauges(sessions);
        this.mapListener = shardMap.onChange(this::onMapChange);
        // Opens the streams before the first client connects.
        onMapChange();
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
            var host = new GrpcSessionHost(it, gatewayId, channels.create(it), this, properties, timer);
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
