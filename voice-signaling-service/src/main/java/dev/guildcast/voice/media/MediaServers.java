package dev.guildcast.voice.media;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.v1.CloseRoom;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.JoinRoom;
import dev.guildcast.voice.v1.LeaveRoom;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaPing;
import dev.guildcast.voice.v1.UpdateUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The voice servers that have a stream to this instance: whether they live, and orders to them.
///
/// A server is alive while it answers pings. One whose stream broke has [#RECONNECT_GRACE] to open another: a killed
/// process refuses connections at once, a restarted network path does not. One that leaves [#PINGS_MISSED_MAX] pings
/// in a row unanswered is dead although its stream is open: a stopped process still accepts connections.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the servers of the registry; [#JOINS_PENDING_MAX] joins without a result for each.
/// - **Promise:** each join gets one outcome. Orders to one server are carried out in the order in which they were
///   given; those given while it has no stream are lost, and what counts of them is sent again when it registers.
public final class MediaServers {
    /// Half of what a conversation bears without notice; a ping costs the server's loop microseconds.
    static final Duration PING_INTERVAL = Duration.ofMillis(400);
    /// One may be late behind a collection of garbage.
    static final int PINGS_MISSED_MAX = 2;
    /// Ten attempts of a server, which tries again after 20 ms at first.
    static final Duration RECONNECT_GRACE = Duration.ofMillis(250);
    /// A server answers a join within milliseconds; so many wait only if it does not.
    static final int JOINS_PENDING_MAX = 10_000;

    private final LongSupplier nanoTime;
    private final VoiceServerRegistry registry;
    private final Map<String, ConnectedServer> servers = new HashMap<>();
    private MediaServerListener listener = NO_LISTENER;

    public MediaServers(LongSupplier nanoTime, VoiceServerRegistry registry) {
        this.nanoTime = nanoTime;
        this.registry = registry;
    }

    /// Set once, before the first server registers.
    public void setListener(MediaServerListener listener) {
        this.listener = listener;
    }

    /// @return false if the instance has too many servers
    public boolean onHello(MediaServer server, MediaLink link, List<HeldRoom> rooms) {
        ConnectedServer before = servers.get(server.id());
        if (before != null && before.server.processId() != server.processId()) {
            die(before, "another process has registered under its name");
        } else if (before != null) {
            before.link.end("another stream of this server has replaced this one");
            before.failPending();
        }
        long nowNanos = nanoTime.getAsLong();
        if (!registry.onHello(server.server(), order -> {}, nowNanos)) {
            return false;
        }
        servers.put(server.id(), new ConnectedServer(server, link, nowNanos));
        listener.onRegistered(server.server(), rooms);
        return true;
    }

    public void onLoad(String id, MediaLink link, double load, boolean draining) {
        ConnectedServer connected = servers.get(id);
        if (connected != null && connected.link == link) {
            listener.onLoad(connected.server.server(), load, draining);
        }
    }

    public void onPulse(String id, MediaLink link, long nonce) {
        ConnectedServer connected = servers.get(id);
        if (connected != null && connected.link == link) {
            connected.onPulse(nonce);
            registry.onSeen(id, nanoTime.getAsLong());
        }
    }

    public void onResult(String id, MediaLink link, long orderId, MediaOutcome outcome) {
        ConnectedServer connected = servers.get(id);
        if (connected != null && connected.link == link) {
            var waiting = connected.pending.remove(orderId);
            if (waiting != null) {
                waiting.accept(outcome);
            }
        }
    }

    public void onLinkEnded(String id, MediaLink link) {
        ConnectedServer connected = servers.get(id);
        if (connected != null && connected.link == link && !connected.broken) {
            connected.broken = true;
            connected.brokenNanos = nanoTime.getAsLong();
            connected.failPending();
        }
    }

    /// Sends pings and finds the dead; called every 50 ms or more often.
    public void onTick() {
        long nowNanos = nanoTime.getAsLong();
        for (ConnectedServer connected : new ArrayList<>(servers.values())) {
            if (connected.broken) {
                if (nowNanos - connected.brokenNanos >= RECONNECT_GRACE.toNanos()) {
                    die(connected, "its stream broke and none followed within " + RECONNECT_GRACE.toMillis() + " ms");
                }
            } else if (nowNanos - connected.nextPingNanos >= 0) {
                if (connected.unanswered() >= PINGS_MISSED_MAX) {
                    die(connected, PINGS_MISSED_MAX + " pings in a row had no answer");
                } else {
                    connected.ping(nowNanos);
                }
            }
        }
    }

    /// A live server that registered here.
    public Optional<MediaServer> server(String id) {
        return Optional.ofNullable(servers.get(id)).map(connected -> connected.server);
    }

    /// @param result called once, on the voice loop, possibly at once
    public void join(String id, JoinRoom room, Consumer<MediaOutcome> result) {
        ConnectedServer connected = servers.get(id);
        if (connected == null || connected.broken) {
            result.accept(MediaOutcome.LOST);
        } else if (connected.pending.size() >= JOINS_PENDING_MAX) {
            result.accept(MediaOutcome.FULL);
        } else {
            connected.send(MediaOrder.newBuilder().setJoin(room), result);
        }
    }

    public void update(String id, UpdateUser user) {
        send(id, MediaOrder.newBuilder().setUpdate(user));
    }

    public void leave(String id, LeaveRoom user) {
        send(id, MediaOrder.newBuilder().setLeave(user));
    }

    public void close(String id, CloseRoom room) {
        send(id, MediaOrder.newBuilder().setClose(room));
    }

    private void send(String id, MediaOrder.Builder order) {
        ConnectedServer connected = servers.get(id);
        if (connected != null && !connected.broken) {
            connected.send(order, null);
        }
    }

    private void die(ConnectedServer connected, String reason) {
        servers.remove(connected.server.id(), connected);
        registry.remove(connected.server.id());
        connected.link.end("counted as dead: " + reason + "; register again");
        connected.failPending();
        listener.onDied(connected.server.server(), reason);
    }

    private static final class ConnectedServer {
        private final MediaServer server;
        private final MediaLink link;
        private final Map<Long, Consumer<MediaOutcome>> pending = new HashMap<>();
        private long nextPingNanos;
        private long lastPing;
        private long lastPulse;
        private long lastOrder;
        private boolean broken;
        private long brokenNanos;

        ConnectedServer(MediaServer server, MediaLink link, long nowNanos) {
            this.server = server;
            this.link = link;
            this.nextPingNanos = nowNanos;
        }

        void ping(long nowNanos) {
            nextPingNanos = nowNanos + PING_INTERVAL.toNanos();
            link.send(MediaOrder.newBuilder()
                    .setPing(MediaPing.newBuilder().setNonce(++lastPing))
                    .build());
        }

        void onPulse(long nonce) {
            if (nonce > lastPulse && nonce <= lastPing) {
                lastPulse = nonce;
            }
        }

        long unanswered() {
            return lastPing - lastPulse;
        }

        void send(MediaOrder.Builder order, @Nullable Consumer<MediaOutcome> result) {
            long id = ++lastOrder;
            if (result != null) {
                pending.put(id, result);
            }
            link.send(order.setOrderId(id).build());
        }

        void failPending() {
            var lost = List.copyOf(pending.values());
            pending.clear();
            lost.forEach(result -> result.accept(MediaOutcome.LOST));
        }
    }

    private static final MediaServerListener NO_LISTENER = new MediaServerListener() {
        @Override
        public void onRegistered(VoiceServer server, List<HeldRoom> rooms) {}

        @Override
        public void onLoad(VoiceServer server, double load, boolean draining) {}

        @Override
        public void onDied(VoiceServer server, String reason) {}
    };
}
