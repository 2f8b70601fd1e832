package dev.guildcast.system.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.attach.AttachMetrics;
import dev.guildcast.session.attach.FrontendContext;
import dev.guildcast.session.attach.HostedShard;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.link.GrpcLinkEndpoint;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ShardListener;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/// A host of session shards without a network: the frontends and the stream handling that production runs, whose calls
/// end in a simulator's queues.
///
/// - **Owner:** the simulator's thread.
public final class SimulatedHost {
    /// The default of `session.link.dead-after`.
    static final Duration DEAD_AFTER = Duration.ofSeconds(4);

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    // Each thread runs a simulation of its own.
    private static final ThreadLocal<List<String>> FAILURES = ThreadLocal.withInitial(ArrayList::new);

    static {
        // A frontend that fails sends its connections away and goes on; a simulation must not overlook it.
        if (LoggerFactory.getLogger(HostedShard.class) instanceof Logger logger) {
            var appender = new AppenderBase<ILoggingEvent>() {
                @Override
                protected void append(ILoggingEvent event) {
                    var cause = event.getThrowableProxy();
                    FAILURES.get()
                            .add(event.getFormattedMessage()
                                    + (cause == null ? "" : ": " + cause.getClassName() + ": " + cause.getMessage()));
                }
            };
            appender.start();
            logger.addAppender(appender);
            logger.setAdditive(false);
        }
        // Lost gateways are part of the runs.
        if (LoggerFactory.getLogger("dev.guildcast.session.link") instanceof Logger logger) {
            logger.setLevel(Level.ERROR);
        }
    }

    private final HostedShardRegistry hostedShards;
    private final GrpcLinkEndpoint endpoint;

    /// @param secrets the unguessable parts of session ids, guessable here
    SimulatedHost(
            String nodeId,
            SimulationConfig config,
            LogPayloadReader reader,
            LongSupplier secrets,
            LongSupplier nanoTime) {
        this.hostedShards = new HostedShardRegistry(new FrontendContext(
                config.topology(),
                config.session(),
                config.resume(),
                reader,
                secrets,
                nanoTime,
                new AttachMetrics(METERS)));
        this.endpoint = new GrpcLinkEndpoint(
                hostedShards, config.topology(), nodeId, DEAD_AFTER, new SimpleMeterRegistry(), nanoTime);
    }

    /// The listener of one incarnation on this host.
    public ShardListener<SessionRecord, Applied> listener(SessionShard machine) {
        return hostedShards.listener(machine);
    }

    /// What frontends have failed with since this thread's last call.
    public static List<String> takeFailures() {
        var failures = FAILURES.get();
        if (failures.isEmpty()) {
            return List.of();
        }
        var taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    /// Ends the streams of gateways that are lost, as a thread of its own does in production.
    void endSilentStreams() {
        endpoint.endSilentStreams();
    }

    /// A gateway's stream to this host.
    ///
    /// @param down receives the messages of the host
    /// @param ready whether the transport takes more
    public Stream connect(Consumer<HostMessage> down, BooleanSupplier ready) {
        var call = new Call(down, ready);
        return new Stream(call, endpoint.connect(call));
    }

    /// The host's end of one stream.
    public static final class Stream {
        private final Call call;
        private final StreamObserver<GatewayMessage> stream;

        private Stream(Call call, StreamObserver<GatewayMessage> stream) {
            this.call = call;
            this.stream = stream;
        }

        public void receive(GatewayMessage message) {
            if (!call.ended) {
                stream.onNext(message);
            }
        }

        /// Whether the host has ended it.
        boolean isEnded() {
            return call.ended;
        }

        /// The transport takes more again.
        public void writable() {
            call.onReady.run();
        }

        /// The stream broke.
        public void broken() {
            call.onCancel.run();
        }
    }

    private static final class Call extends ServerCallStreamObserver<HostMessage> {
        private final Consumer<HostMessage> down;
        private final BooleanSupplier ready;
        private Runnable onReady = () -> {};
        private Runnable onCancel = () -> {};
        private boolean ended;

        private Call(Consumer<HostMessage> down, BooleanSupplier ready) {
            this.down = down;
            this.ready = ready;
        }

        @Override
        public void onNext(HostMessage message) {
            down.accept(message);
        }

        @Override
        public boolean isReady() {
            return ready.getAsBoolean();
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnReadyThreshold(int bytes) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoRequest() {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void onError(Throwable failure) {
            ended = true;
        }

        @Override
        public void onCompleted() {}
    }
}
