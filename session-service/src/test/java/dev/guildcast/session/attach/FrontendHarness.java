package dev.guildcast.session.attach;

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
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.session.testing.RecordingTransport;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestPayloadReader;
import dev.guildcast.session.testing.TestRecords;
import dev.guildcast.session.testing.TestShard;
import dev.guildcast.shard.node.PlacementMode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import org.springframework.util.unit.DataSize;

/// One owner of one session shard with a clock of its own, and gateways that reach it without a network.
public final class FrontendHarness {
    static final Topology TOPOLOGY = new Topology(4, 1, 1, 1);
    static final Duration TIMEOUT = Duration.ofSeconds(180);

    public final TestLog log;
    public final TestPayloadReader reader;
    public final SessionShard machine;
    final HostedShard hostedShard;
    public final TestShard shard;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private static long secrets = 1;
    long nanos;

    public FrontendHarness(TestLog log, long nonce, int ringMax) {
        this.log = log;
        this.reader = new TestPayloadReader(log);
        this.machine = new SessionShard(ShardId.session(0), TOPOLOGY, Duration.ofMinutes(5), ringMax);
        var context = new FrontendContext(
                TOPOLOGY,
                new SessionProperties(TIMEOUT, PlacementMode.STATIC, Duration.ZERO),
                new ResumeProperties(Duration.ofMinutes(5), ringMax, Duration.ofSeconds(30), DataSize.ofMegabytes(1)),
                reader,
                () -> secrets++,
                () -> nanos,
                new AttachMetrics(meters));
        this.hostedShard = new HostedShard(machine, context, new HostedShardRegistry(context));
        this.shard = new TestShard(log, nonce, machine, hostedShard);
    }

    public static FrontendHarness live() {
        var harness = new FrontendHarness(new TestLog(), 77, 16_384);
        harness.claim();
        return harness;
    }

    public void claim() {
        shard.claim();
        shard.run();
    }

    public Gateway gateway() {
        return new Gateway();
    }

    public void advance(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            nanos += Math.min(100, left) * 1_000_000;
            log.advance(Math.min(100, left));
            shard.tick(nanos);
        }
        shard.run();
    }

    public Session session(long request) {
        return Objects.requireNonNull(machine.sessions().openedBy(request));
    }

    /// Delivers dispatches to one session through the log.
    public void deliver(Session session, int times) {
        for (int i = 0; i < times; i++) {
            log.append(TestRecords.deliver(1L << 22, "EVENT", "{\"n\":" + i + "}", session.offset()));
        }
        shard.run();
    }

    public final class Gateway {
        public final RecordingTransport stream = new RecordingTransport();
        public final GatewayLink link = new GatewayLink(stream);

        Gateway() {
            link.onCredit(1 << 20);
        }

        Gateway offer(java.util.function.Consumer<ShardFrontend> action) {
            FrontendHarness.this.hostedShard.offer(action, () -> stream.send(HostMessages.moved(0, 0)));
            return this;
        }

        Gateway open(long handle, Open.Builder open, int seen) {
            return offer(frontend -> frontend.onOpen(
                    link,
                    OpenSession.newBuilder()
                            .setHandle(handle)
                            .setOpen(open)
                            .setSeen(seen)
                            .build()));
        }

        public Gateway open(long handle, long request, long user) {
            open(handle, TestRecords.open(0, request, user), 0);
            shard.run();
            return this;
        }

        public Gateway attach(long handle, SessionId id, long user, long attachId, int sequence) {
            return attach(handle, id, user, attachId, sequence, 0, "");
        }

        public Gateway attach(
                long handle, SessionId id, long user, long attachId, int sequence, int version, String encoding) {
            return offer(frontend -> frontend.onAttach(
                    link,
                    id,
                    Attach.newBuilder()
                            .setHandle(handle)
                            .setUserId(user)
                            .setAttachId(attachId)
                            .setSequence(sequence)
                            .setVersion(version)
                            .setEncoding(encoding)
                            .build()));
        }

        public Gateway reattach(long handle, SessionId id, long user, long attachId, int sequence, boolean finished) {
            return offer(frontend -> frontend.onReattach(
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

        public Gateway detach(long handle, SessionId id, long attachId, boolean end) {
            return offer(frontend -> frontend.onDetach(
                    link,
                    id,
                    Detach.newBuilder()
                            .setHandle(handle)
                            .setAttachId(attachId)
                            .setEnd(end)
                            .build()));
        }

        public Gateway park(long handle, long attachId) {
            return offer(frontend -> frontend.onPark(
                    link,
                    Park.newBuilder().setHandle(handle).setAttachId(attachId).build()));
        }

        Gateway command(SessionId id, Command.Builder command) {
            return offer(frontend -> frontend.onCommand(link, id, command.build()));
        }

        public void close() {
            link.onClosed();
            offer(frontend -> frontend.onLinkClosed(link));
        }

        public void run() {
            shard.run();
        }
    }
}
