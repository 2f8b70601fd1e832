package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/// A [RemoteSession] whose session is owned by one of two hosts, `a` and `b`; first by `a`. The test controls the loop,
/// the hosts and the client, and everything runs on its thread.
abstract class RemoteSessionFixture {
    static final Duration TEN = Duration.ofSeconds(10);

    final ManualLoop loop = new ManualLoop();
    final FakeHosts hosts = new FakeHosts();
    final RecordingListener listener = new RecordingListener();
    final FakeHost a = hosts.host("a:1");
    final FakeHost b = hosts.host("b:1");

    /// A resume with this last sequence whose attach request was sent.
    RemoteSession resume(int sequence) {
        var session =
                new RemoteSession(key(1, 0), new SessionStart.ResumeStart("sid", sequence), loop, listener, context());
        session.attachToOwner();
        return session;
    }

    /// As [#attachedResume] at sequence 5, with this handle, shard and loop.
    RemoteSession resumed(long handle, int shard, Loop sessionLoop) {
        var session = new RemoteSession(
                key(handle, shard), new SessionStart.ResumeStart("sid", 5), sessionLoop, listener, context());
        session.attachToOwner();
        session.onAttached(a);
        return session;
    }

    /// A resume that is attached to `a` and waits for the end of the replay.
    RemoteSession attachedResume(int sequence) {
        var session = resume(sequence);
        session.onAttached(a);
        return session;
    }

    /// A resume at `a` whose client has received RESUMED.
    RemoteSession establishedResume(int sequence) {
        var session = attachedResume(sequence);
        session.onReplayDone(sequence);
        return session;
    }

    /// An identify whose open request was sent.
    RemoteSession identify() {
        var open = Open.newBuilder().setRequest(5).setAttachId(77).setUserId(9).build();
        var session = new RemoteSession(key(1, 0), new SessionStart.IdentifyStart(open), loop, listener, context());
        session.attachToOwner();
        return session;
    }

    private static SessionKey key(long handle, int shard) {
        return new SessionKey(handle, 77, 9, shard);
    }

    private LinkContext context() {
        return new LinkContext(hosts, properties(), metrics());
    }

    static LinkProperties properties() {
        return new LinkProperties(
                List.of(),
                DataSize.ofMegabytes(8),
                TEN,
                Duration.ofSeconds(3),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                10,
                4,
                Duration.ZERO);
    }

    static LinkMetrics metrics() {
        return new LinkMetrics(new SimpleMeterRegistry());
    }

    static SharedDispatch dispatch(String type) {
        return new SharedDispatch(type, new byte[0], 0);
    }

    static Command.Builder presence() {
        return Command.newBuilder().setSetPresence(Presence.newBuilder().setStatus("idle"));
    }

    static final class FakeHost implements SessionHost {
        final String address;
        final List<GatewayMessage> sent = new ArrayList<>();
        boolean up = true;
        long creditBytes;

        FakeHost(String address) {
            this.address = address;
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
            if (up) {
                sent.add(message);
            }
            return up;
        }

        @Override
        public void returnCredit(long bytes) {
            creditBytes += bytes;
        }

        GatewayMessage last() {
            return sent.getLast();
        }

        List<Long> commandNumbers() {
            return sent.stream()
                    .filter(GatewayMessage::hasCommand)
                    .map(it -> it.getCommand().getNumber())
                    .toList();
        }
    }

    static final class FakeHosts implements SessionHosts {
        final Map<String, FakeHost> byAddress = new HashMap<>();
        final List<Long> removed = new ArrayList<>();
        Optional<ShardOwner> owner = Optional.of(new ShardOwner("a", "a:1", 1));

        FakeHost host(String address) {
            return byAddress.computeIfAbsent(address, FakeHost::new);
        }

        void setOwner(String address, long epoch) {
            owner = Optional.of(new ShardOwner(address, address, epoch));
        }

        void clearOwner() {
            owner = Optional.empty();
        }

        @Override
        public Optional<ShardOwner> owner(int sessionShard) {
            return owner;
        }

        @Override
        public SessionHost hostAt(String address) {
            return host(address);
        }

        @Override
        public void remove(long handle) {
            removed.add(handle);
        }
    }

    static final class RecordingListener implements SessionListener {
        final List<String> events = new ArrayList<>();

        @Override
        public void onDispatch(SharedDispatch dispatch, int sequence) {
            events.add(dispatch.type() + sequence);
        }

        @Override
        public void onReady() {
            events.add("ready");
        }

        @Override
        public void onResumed(int sequence) {
            events.add("resumed" + sequence);
        }

        @Override
        public void onInvalid() {
            events.add("invalid");
        }

        @Override
        public void onSuperseded() {
            events.add("superseded");
        }

        @Override
        public void onRefused(int closeCode) {
            events.add("refused" + closeCode);
        }

        @Override
        public void onUnanswered() {
            events.add("unanswered");
        }

        @Override
        public void onOwnerMissing() {
            events.add("ownerMissing");
        }
    }
}
