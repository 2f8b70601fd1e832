package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.v1.CoordinatorGrpc.CoordinatorStub;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.ShardReport;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registers a node with the coordinator's leader: sends reports and lease renewals, receives directives.
///
/// - **Owner:** the link's loop; directives are applied and reports collected there.
/// - **Bound:** nothing is queued: a report is skipped while the stream is not ready, and the next renewal contains
///   every shard.
/// - **Promise:** a new stream starts with a report of every shard, so that a new leader learns them from the nodes;
///   without a coordinator the node keeps its shards.
public final class GrpcNodeRegistration implements NodeRegistration {
    private static final Logger log = LoggerFactory.getLogger(GrpcNodeRegistration.class);
    /// Reports requested within this time are sent as one: shards of a node change roles together at a start.
    private static final long REPORT_DELAY_MILLIS = 5;

    private final NodeHello hello;
    private final CoordinationTimes times;
    private final Consumer<String> onMisconfigured;
    private final GrpcCoordinatorLink link;
    private final AtomicBoolean reportScheduled = new AtomicBoolean();
    private volatile boolean leaving;

    private @Nullable Directives directives;
    private @Nullable Reports reports;
    private @Nullable RegistrationStream current;

    /// @param onMisconfigured called on the loop with the reason why the coordinator refuses this node's configuration:
    ///     its topology differs from the installation's. Attempts continue at the largest delay
    public GrpcNodeRegistration(
            CoordinatorTargets targets,
            CoordinationTimes times,
            GrpcIdentity identity,
            NodeHello hello,
            Consumer<String> onMisconfigured) {
        this.hello = hello;
        this.times = times;
        this.onMisconfigured = onMisconfigured;
        this.link = new GrpcCoordinatorLink("node-registration", targets, times, identity, this::open);
    }

    @Override
    public void start(Directives directives, Reports reports) {
        long everyNanos = times.renewEvery().toNanos();
        link.loop().execute(() -> {
            this.directives = directives;
            this.reports = reports;
        });
        link.start();
        link.loop().scheduleAtFixedRate(this::renew, everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void reportSoon() {
        if (reportScheduled.compareAndSet(false, true)) {
            try {
                link.loop().schedule(this::renew, REPORT_DELAY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                log.debug("a report was requested after close; it is not sent");
            }
        }
    }

    @Override
    public void leave() {
        leaving = true;
        reportSoon();
    }

    @Override
    public void close() {
        link.close(() -> {
            if (current != null) {
                current.complete();
                current = null;
            }
        });
    }

    private void open(CoordinatorStub stub) {
        var stream = new RegistrationStream();
        current = stream;
        stub.register(stream);
        stream.send(true);
    }

    private void renew() {
        reportScheduled.set(false);
        if (current != null) {
            current.send(false);
        }
    }

    private List<ShardReport> currentReports() {
        var source = reports;
        try {
            return source == null ? List.of() : source.shards();
        } catch (RuntimeException failed) {
            log.error(
                    "the report of this node's shards failed by a bug; an empty one is sent, so the coordinator may assign the"
                            + " shards to other nodes",
                    failed);
            return List.of();
        }
    }

    private void apply(Directive directive) {
        var receiver = directives;
        if (receiver == null) {
            return;
        }
        try {
            var shard = ShardId.of(directive.getShard());
            switch (directive.getAction()) {
                case FOLLOW -> receiver.follow(shard);
                case CLAIM -> receiver.claim(shard, directive.getEpoch());
                case RELEASE -> receiver.release(shard);
                case ACTION_UNSPECIFIED, UNRECOGNIZED ->
                    log.warn(
                            "a directive of unknown kind for {} is ignored; is the coordinator newer than this node?",
                            shard);
            }
        } catch (RuntimeException failed) {
            log.error(
                    "directive {} of {} failed by a bug; the coordinator tries another node when its limit has passed",
                    directive.getAction(),
                    directive.getShard(),
                    failed);
        }
    }

    private final class RegistrationStream implements ClientResponseObserver<NodeReport, Directive> {
        private @Nullable ClientCallStreamObserver<NodeReport> call;
        private boolean renewed;

        @Override
        public void beforeStart(ClientCallStreamObserver<NodeReport> requestStream) {
            call = requestStream;
        }

        /// @param first whether this is the stream's first message, which is sent even if the transport is not ready
        void send(boolean first) {
            var requests = call;
            if (requests == null || !first && !requests.isReady()) {
                return;
            }
            var report = NodeReport.newBuilder()
                    .addAllShards(currentReports())
                    .setLeaving(leaving)
                    .setStorageLost(reports != null && reports.storageLost());
            if (first) {
                report.setHello(hello);
            } else if (!renewed) {
                // The transport accepted a second message, so the first was not refused.
                renewed = true;
                link.onStreamAccepted();
            }
            requests.onNext(report.build());
        }

        void complete() {
            if (call != null) {
                call.onCompleted();
            }
        }

        @Override
        public void onNext(Directive directive) {
            if (current == this) {
                link.onStreamAccepted();
                apply(directive);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (current != this) {
                return;
            }
            current = null;
            if (GrpcCoordinatorErrors.refusalOf(error) instanceof GrpcCoordinatorRefusal.Misconfigured misconfigured) {
                onMisconfigured.accept(misconfigured.message());
            }
            link.onStreamFailed(error);
        }

        @Override
        public void onCompleted() {
            onError(Status.UNAVAILABLE
                    .withDescription("the coordinator ended the registration")
                    .asRuntimeException());
        }
    }
}
