package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.NodeRegistration;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's place at the coordinator's leader: reports and renewals up, directives down.
///
/// - **Owner:** the link's loop; directives are given there, and reports asked for.
/// - **Bound:** nothing is queued: a report that the stream cannot take now is left to the next renewal, and each
///   report names every shard.
/// - **Promise:** a new stream begins with all that the node holds, so that a new leader learns it from the nodes; no
///   coordinator, no change.
public final class GrpcNodeRegistration implements NodeRegistration {
    private static final Logger log = LoggerFactory.getLogger(GrpcNodeRegistration.class);
    /// Reports asked for within this time go as one.
    private static final long GATHER_MILLIS = 5;

    private final NodeHello hello;
    private final CoordinationTimes times;
    private final Consumer<String> refused;
    private final GrpcCoordinatorLink link;
    private final AtomicBoolean gathering = new AtomicBoolean();
    private volatile boolean leaving;

    private @Nullable Directives directives;
    private Supplier<List<ShardReport>> reports = List::of;
    private @Nullable Registration current;

    /// @param refused told, on the loop, why the coordinator will never take this node as it is configured: its
    ///     topology is not the installation's. Attempts go on, slowly
    public GrpcNodeRegistration(
            CoordinatorTargets targets, CoordinationTimes times, NodeHello hello, Consumer<String> refused) {
        this.hello = hello;
        this.times = times;
        this.refused = refused;
        this.link = new GrpcCoordinatorLink("node-registration", targets, times, this::open);
    }

    @Override
    public void start(Directives directives, Supplier<List<ShardReport>> reports) {
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
        if (gathering.compareAndSet(false, true)) {
            try {
                link.loop().schedule(this::renew, GATHER_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                log.debug("a report after the end is not sent");
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
        var registration = new Registration();
        current = registration;
        stub.register(registration);
        registration.send(true);
    }

    private void renew() {
        gathering.set(false);
        if (current != null) {
            current.send(false);
        }
    }

    private List<ShardReport> held() {
        try {
            return reports.get();
        } catch (RuntimeException failed) {
            log.error("the node's shards could not be reported", failed);
            return List.of();
        }
    }

    private void give(Directive directive) {
        var to = directives;
        if (to == null) {
            return;
        }
        try {
            var shard = ShardId.of(directive.getShard());
            switch (directive.getAction()) {
                case FOLLOW -> to.follow(shard);
                case CLAIM -> to.claim(shard, directive.getEpoch());
                case RELEASE -> to.release(shard);
                case ACTION_UNSPECIFIED, UNRECOGNIZED -> log.warn("an unknown directive for {} was ignored", shard);
            }
        } catch (RuntimeException failed) {
            log.error("a directive failed: {}", directive, failed);
        }
    }

    private final class Registration implements ClientResponseObserver<NodeReport, Directive> {
        private @Nullable ClientCallStreamObserver<NodeReport> call;
        private boolean renewed;

        @Override
        public void beforeStart(ClientCallStreamObserver<NodeReport> requestStream) {
            call = requestStream;
        }

        /// @param first whether this opens the stream: then it is sent whether or not the transport is ready yet
        void send(boolean first) {
            var up = call;
            if (up == null || !first && !up.isReady()) {
                return;
            }
            var report = NodeReport.newBuilder().addAllShards(held()).setLeaving(leaving);
            if (first) {
                report.setHello(hello);
            } else if (!renewed) {
                // The transport took a second message without a refusal of the first.
                renewed = true;
                link.onAccepted();
            }
            up.onNext(report.build());
        }

        void complete() {
            if (call != null) {
                call.onCompleted();
            }
        }

        @Override
        public void onNext(Directive directive) {
            if (current == this) {
                link.onAccepted();
                give(directive);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (current != this) {
                return;
            }
            current = null;
            if (GrpcRefusal.of(error) instanceof GrpcRefusal.Misconfigured misconfigured) {
                refused.accept(misconfigured.message());
            }
            link.onBroken(error);
        }

        @Override
        public void onCompleted() {
            onError(Status.UNAVAILABLE
                    .withDescription("the coordinator ended the registration")
                    .asRuntimeException());
        }
    }
}
