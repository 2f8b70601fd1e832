package dev.guildcast.gateway.voice;

import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcCall;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse;
import dev.guildcast.voice.v1.VoiceGrpc;
import io.grpc.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/// Sends voice state updates (op 4) to voice-signaling over gRPC, behind a circuit breaker.
///
/// - **Owner:** calls in flight are held here and cancelled on close.
/// - **Bound:** the guard's concurrency limit.
final class GrpcVoiceStateClient implements VoiceStateClient, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcVoiceStateClient.class);

    private final VoiceGrpc.VoiceStub stub;
    private final CallGuard guard;
    private final Duration limit;
    private final MeterRegistry registry;
    private final Disposable.Composite calls = Disposables.composite();

    GrpcVoiceStateClient(Channel channel, CallGuard guard, Duration limit, MeterRegistry registry) {
        this.stub = VoiceGrpc.newStub(channel);
        this.guard = guard;
        this.limit = limit;
        this.registry = registry;
    }

    @Override
    public void update(long userId, boolean bot, String sessionId, Payload.VoiceStateUpdate update) {
        var request = UpdateStateRequest.newBuilder()
                .setGuildId(update.guildId())
                .setUserId(userId)
                .setSessionId(sessionId)
                .setChannelId(update.channelId())
                .setSelfMute(update.selfMute())
                .setSelfDeaf(update.selfDeaf())
                .setSelfVideo(update.selfVideo())
                .setPreferredRegion(update.preferredRegion())
                .setBot(bot)
                .build();
        var call = Disposables.swap();
        calls.add(call);
        call.update(guard.around(call(request))
                .doFinally(end -> calls.remove(call))
                .subscribe(response -> count(response.getVerdict().name().toLowerCase(Locale.ROOT)), error -> {
                    count("failed");
                    log.debug("a voice state update failed and is dropped: {}", error.toString());
                }));
    }

    private void count(String outcome) {
        registry.counter("guildcast.gateway.voice.updates", "outcome", outcome).increment();
    }

    private Mono<UpdateStateResponse> call(UpdateStateRequest request) {
        return GrpcCall.unary(response ->
                stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS).updateState(request, response));
    }

    @Override
    public void close() {
        calls.dispose();
    }
}
