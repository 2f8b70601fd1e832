package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestRecords;
import dev.guildcast.session.testing.TestShard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import org.springframework.util.unit.DataSize;

/// One owner of one session shard with a clock of its own, and gateways that speak to it without a network.
final class LinkHarness {
    static final Topology TOPOLOGY = new Topology(4, 1, 1, 1);
    static final Duration TIMEOUT = Duration.ofSeconds(180);

    final TestLog log;
    final TestReader reader;
    final SessionShard machine;
    final ShardLink link;
    final TestShard shard;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private static long secrets = 1;
    long nanos;

    LinkHarness(TestLog log, long nonce, int ringMax) {
        this.log = log;
        this.reader = new TestReader(log);
        this.machine = new SessionShard(ShardId.session(0), TOPOLOGY, Duration.ofMinutes(5), ringMax);
        var parts = new LinkParts(
                TOPOLOGY,
                new SessionProperties(TIMEOUT, SessionProperties.Placement.STATIC, Duration.ZERO),
                new ResumeProperties(Duration.ofMinutes(5), ringMax, Duration.ofSeconds(30), DataSize.ofMegabytes(1)),
                reader,
                () -> secrets++,
                () -> nanos,
                new LinkMetrics(meters));
        this.link = new ShardLink(machine, parts, new ShardLinks(parts));
        this.shard = new TestShard(log, nonce, machine, link);
    }

    static LinkHarness live() {
        var harness = new LinkHarness(new TestLog(), 77, 16_384);
        harness.claim();
        return harness;
    }

    void claim() {
        shard.claim();
        shard.run();
    }

    Gateway gateway() {
        return new Gateway();
    }

    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            nanos += Math.min(100, left) * 1_000_000;
            log.pass(Math.min(100, left));
            shard.tick(nanos);
        }
        shard.run();
    }

    Session session(long request) {
        return Objects.requireNonNull(machine.sessions().opened(request));
    }

    /// Sends dispatches to one session by way of the log.
    void deliver(Session session, int times) {
        for (int i = 0; i < times; i++) {
            log.append(TestRecords.deliver(1L << 22, "EVENT", "{\"n\":" + i + "}", session.offset()));
        }
        shard.run();
    }

    final class Gateway {
        final FakeGatewayStream stream = new FakeGatewayStream();
        final GatewayLink link = new GatewayLink(stream);

        Gateway() {
            link.onCredit(1 << 20);
        }

        Gateway offer(java.util.function.Consumer<SessionDesk> action) {
            LinkHarness.this.link.offer(action, () -> stream.send(HostMessages.moved(0, 0)));
            return this;
        }

        Gateway open(long handle, Open.Builder open, int seen) {
            return offer(desk -> desk.onOpen(
                    link,
                    OpenSession.newBuilder()
                            .setHandle(handle)
                            .setOpen(open)
                            .setSeen(seen)
                            .build()));
        }

        Gateway open(long handle, long request, long user) {
            open(handle, TestRecords.open(0, request, user), 0);
            shard.run();
            return this;
        }

        Gateway attach(long handle, SessionId id, long user, long attachId, int sequence) {
            return offer(desk -> desk.onAttach(
                    link,
                    id,
                    Attach.newBuilder()
                            .setHandle(handle)
                            .setUserId(user)
                            .setAttachId(attachId)
                            .setSequence(sequence)
                            .build()));
        }

        Gateway reattach(long handle, SessionId id, long user, long attachId, int sequence, boolean finished) {
            return offer(desk -> desk.onReattach(
                    link,
                    id,
                    Reattach.newBuilder()
                            .setHandle(handle)
                            .setUserId(user)
                            .setAttachId(attachId)
                            .setSequence(sequence)
                            .setFinished(finished)
                            .build()));
        }

        Gateway detach(long handle, SessionId id, long attachId, boolean end) {
            return offer(desk -> desk.onDetach(
                    link,
                    id,
                    Detach.newBuilder()
                            .setHandle(handle)
                            .setAttachId(attachId)
                            .setEnd(end)
                            .build()));
        }

        Gateway park(long handle, long attachId) {
            return offer(desk -> desk.onPark(
                    link,
                    Park.newBuilder().setHandle(handle).setAttachId(attachId).build()));
        }

        Gateway command(SessionId id, Command.Builder command) {
            return offer(desk -> desk.onCommand(link, id, command.build()));
        }

        void close() {
            link.onClosed();
            offer(desk -> desk.onLinkClosed(link));
        }

        void run() {
            shard.run();
        }
    }
}
