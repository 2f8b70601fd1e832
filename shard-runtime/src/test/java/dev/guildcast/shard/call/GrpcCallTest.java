package dev.guildcast.shard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class GrpcCallTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Host host = new Host();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(host)
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .directExecutor()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void isMadeForEachSubscriptionAndReturnsTheResponse() {
        host.respondWith(response -> {
            response.onNext(UserGuildsResponse.getDefaultInstance());
            response.onCompleted();
        });
        var call = call();
        assertThat(host.calls).hasValue(0);
        assertThat(call.block(SOON)).isEqualTo(UserGuildsResponse.getDefaultInstance());
        assertThat(call.block(SOON)).isNotNull();
        assertThat(host.calls).hasValue(2);
        assertThat(host.cancelled).hasValue(0);
    }

    @Test
    void failsWithTheStatusOfThePeerEvenAfterAResponse() {
        host.respondWith(response -> response.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException()));
        assertFails(Status.Code.RESOURCE_EXHAUSTED);
        host.respondWith(response -> {
            response.onNext(UserGuildsResponse.getDefaultInstance());
            response.onError(Status.INTERNAL.asRuntimeException());
        });
        assertFails(Status.Code.INTERNAL);
    }

    @Test
    void isCancelledAtThePeerWhenGivenUpAndThenSilent() throws InterruptedException {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            host.respondWith(response -> {});
            var waiting = call().subscribe();
            await().atMost(SOON).untilAtomic(host.calls, equalTo(1));
            waiting.dispose();
            await().atMost(SOON).untilAtomic(host.cancelled, equalTo(1));
            // A terminated channel has delivered the results of all its calls.
            channel.shutdown();
            assertThat(channel.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(dropped).isEmpty();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void outlivesTheCallItWasMadeIn() {
        host.respondWith(response -> host.openCalls.add(response));
        var served = Context.current().withCancellation();
        var answers = new CopyOnWriteArrayList<UserGuildsResponse>();
        served.run(() -> call().subscribe(answers::add));
        await().atMost(SOON).until(() -> !host.openCalls.isEmpty());
        served.cancel(null);
        host.openCalls.getFirst().onNext(UserGuildsResponse.getDefaultInstance());
        host.openCalls.getFirst().onCompleted();
        await().atMost(SOON).until(() -> !answers.isEmpty());
    }

    private void assertFails(Status.Code code) {
        assertThatThrownBy(() -> call().block(SOON))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
    }

    private Mono<UserGuildsResponse> call() {
        return GrpcCall.unary(response ->
                SessionHostGrpc.newStub(channel).userGuilds(UserGuildsRequest.getDefaultInstance(), response));
    }

    private static final class Host extends SessionHostGrpc.SessionHostImplBase {
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final List<StreamObserver<UserGuildsResponse>> openCalls = new CopyOnWriteArrayList<>();
        private volatile Consumer<StreamObserver<UserGuildsResponse>> responder = response -> {};

        void respondWith(Consumer<StreamObserver<UserGuildsResponse>> responder) {
            this.responder = responder;
        }

        @Override
        public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> response) {
            ((ServerCallStreamObserver<UserGuildsResponse>) response).setOnCancelHandler(cancelled::incrementAndGet);
            calls.incrementAndGet();
            responder.accept(response);
        }
    }
}
