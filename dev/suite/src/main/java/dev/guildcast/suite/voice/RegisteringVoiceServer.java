package dev.guildcast.suite.voice;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.access.SuiteSecret;
import dev.guildcast.voice.v1.ServerHello;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.VoiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Registers with voice-signaling as a voice server does, so that op 4 yields an endpoint.
///
/// - **Owner:** its scheduler thread; callbacks of the stream only end it.
/// - **Bound:** one stream, a report a second.
/// - **Promise:** it is registered while it runs and voice-signaling is up; after a break again within two seconds.
public final class RegisteringVoiceServer implements AutoCloseable {
    /// Half of the two seconds within which a lost registration is renewed.
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

    private final ManagedChannel channel;
    private final ServerHello hello;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("voice-report").factory());
    private final AtomicReference<@Nullable Registration> registration = new AtomicReference<>();

    private RegisteringVoiceServer(ManagedChannel channel, ServerHello hello) {
        this.channel = channel;
        this.hello = hello;
    }

    /// @param args `--voice=host:port` of voice-signaling, `--endpoint=host:port` for clients, `--secret-file=` of
    ///     the suite, and optionally `--id=`
    ///     and `--region=`
    public static RegisteringVoiceServer start(String... args) {
        Map<String, String> options = Stream.of(args)
                .map(arg -> arg.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0].substring(2), pair -> pair[1]));
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        var hello = ServerHello.newBuilder()
                .setServerId(options.getOrDefault("id", "local-voice"))
                .setRegion(options.getOrDefault("region", "local"))
                .setEndpoint(required(options, "endpoint"))
                .setTokenKey(Base64.getUrlEncoder().withoutPadding().encodeToString(key))
                .build();
        var channel = GrpcIdentity.bySecret(
                        SuiteSecret.read(Path.of(required(options, "secret-file"))), PeerRole.VOICE_SERVER)
                .channel(required(options, "voice"))
                .build();
        var server = new RegisteringVoiceServer(channel, hello);
        var unused = server.timer.scheduleWithFixedDelay(
                server::report, 0, REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return server;
    }

    private static String required(Map<String, String> options, String name) {
        var value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    private void report() {
        var current = registration.get();
        if (current == null) {
            var opened = new Registration();
            registration.set(opened);
            opened.reports = VoiceGrpc.newStub(channel).registerServer(opened);
            opened.send(ServerReport.newBuilder().setHello(hello).build());
        } else {
            current.send(ServerReport.newBuilder().setLoad(0).build());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        channel.shutdownNow();
    }

    /// One registration stream. There is no media, so orders to expect or drop clients are ignored.
    private final class Registration implements StreamObserver<ServerOrder> {
        private @Nullable StreamObserver<ServerReport> reports;

        void send(ServerReport report) {
            try {
                if (reports != null) {
                    reports.onNext(report);
                }
            } catch (RuntimeException e) {
                deregister(); // the next report opens another
            }
        }

        private void deregister() {
            registration.compareAndSet(this, null);
        }

        @Override
        public void onNext(ServerOrder order) {}

        @Override
        public void onError(Throwable e) {
            deregister();
        }

        @Override
        public void onCompleted() {
            deregister();
        }
    }
}
