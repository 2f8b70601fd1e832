package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
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

/// A line to a session that one of two hosts, `a` and `b`, owns: `a` at first. The loop, the hosts and the client are
/// held by the test, and everything runs on its thread.
abstract class LineFixture {
    static final Duration TEN = Duration.ofSeconds(10);

    final ManualLoop loop = new ManualLoop();
    final World world = new World();
    final Heard heard = new Heard();
    final FakeHost a = world.host("a:1");
    final FakeHost b = world.host("b:1");

    /// A line that asked for its session after this sequence.
    SessionLine resume(int sequence) {
        var line = new SessionLine(1, 77, 9, 0, null, "sid", sequence, loop, world, heard, properties(), metrics());
        line.seek();
        return line;
    }

    /// A line to `a` that awaits the end of its replay.
    SessionLine attachedResume(int sequence) {
        var line = resume(sequence);
        line.onAttached(a);
        return line;
    }

    /// A line to `a` whose client has had RESUMED.
    SessionLine finishedResume(int sequence) {
        var line = attachedResume(sequence);
        line.onReplayDone(sequence);
        return line;
    }

    /// A line that asked for a new session.
    SessionLine identify() {
        var open = Open.newBuilder().setRequest(5).setAttachId(77).setUserId(9).build();
        var line = new SessionLine(1, 77, 9, 0, open, "", 0, loop, world, heard, properties(), metrics());
        line.seek();
        return line;
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

    static final class FakeHost implements Host {
        final String address;
        final List<GatewayMessage> sent = new ArrayList<>();
        boolean up = true;

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

        GatewayMessage last() {
            return sent.getLast();
        }

        List<Long> commands() {
            return sent.stream()
                    .filter(GatewayMessage::hasCommand)
                    .map(it -> it.getCommand().getNumber())
                    .toList();
        }
    }

    static final class World implements Hosts {
        final Map<String, FakeHost> hosts = new HashMap<>();
        final List<Long> forgotten = new ArrayList<>();
        Optional<ShardOwner> owner = Optional.of(new ShardOwner("a", "a:1", 1));

        FakeHost host(String address) {
            return hosts.computeIfAbsent(address, FakeHost::new);
        }

        void own(String address, long epoch) {
            owner = Optional.of(new ShardOwner(address, address, epoch));
        }

        void disown() {
            owner = Optional.empty();
        }

        @Override
        public Optional<ShardOwner> owner(int sessionShard) {
            return owner;
        }

        @Override
        public Host at(String address) {
            return host(address);
        }

        @Override
        public void forget(long handle) {
            forgotten.add(handle);
        }
    }

    static final class Heard implements SessionEvents {
        final List<String> events = new ArrayList<>();

        @Override
        public void dispatch(SharedDispatch dispatch, int sequence) {
            events.add(dispatch.type() + sequence);
        }

        @Override
        public void ready() {
            events.add("ready");
        }

        @Override
        public void resumed(int sequence) {
            events.add("resumed" + sequence);
        }

        @Override
        public void invalid() {
            events.add("invalid");
        }

        @Override
        public void superseded() {
            events.add("superseded");
        }

        @Override
        public void refused(int closeCode) {
            events.add("refused" + closeCode);
        }

        @Override
        public void unanswered() {
            events.add("unanswered");
        }

        @Override
        public void ownerMissing() {
            events.add("ownerMissing");
        }
    }
}
