package dev.guildcast.backend.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.backend.publish.EventPublisher.PublishException;
import dev.guildcast.backend.publish.StubIngress.Behavior;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GrpcEventPublisherTest {
    private StubIngress ingress;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        ingress = StubIngress.start("secret");
        channel = Grpc.newChannelBuilder(ingress.target(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        ingress.close();
    }

    @Test
    void assignsSequencesInOrderUnderItsPublisherName() throws Exception {
        try (var publisher = publisher("secret", 10)) {
            awaitDone(publisher.publish(event("A")));
            awaitDone(publisher.publish(event("B")));
        }
        assertThat(ingress.events())
                .map(event -> event.path("sequence").asInt())
                .containsExactly(100, 101);
        assertThat(ingress.events())
                .allMatch(event -> event.path("publisher").asString().equals("backend"));
    }

    @Test
    void resendsUnacknowledgedEventsWithTheSameSequenceAfterABreak() throws Exception {
        try (var publisher = publisher("secret", 10)) {
            ingress.switchTo(Behavior.BREAKS);
            awaitDone(publisher.publish(event("A")));
            awaitDone(publisher.publish(event("B")));
        }
        assertThat(ingress.events())
                .map(event ->
                        event.path("t").asString() + event.path("sequence").asInt())
                .containsExactly("A100", "A100", "B101");
    }

    @Test
    void failsARejectedEventAndContinues() throws Exception {
        try (var publisher = publisher("secret", 10)) {
            ingress.switchTo(Behavior.REJECTS);
            assertThatThrownBy(() -> awaitDone(publisher.publish(event("A"))))
                    .hasRootCauseInstanceOf(PublishException.class);
            ingress.switchTo(Behavior.ACCEPTS);
            awaitDone(publisher.publish(event("B")));
        }
    }

    @Test
    void rejectsMoreThanItsBoundWithoutWaiting() throws Exception {
        try (var publisher = publisher("secret", 2)) {
            ingress.switchTo(Behavior.STAYS_SILENT);
            var first = publisher.publish(event("A"));
            var second = publisher.publish(event("B"));
            assertThat(publisher.publish(event("C"))).isCompletedExceptionally();
            assertThat(first).isNotDone();
            publisher.close();
            assertThat(first).isCompletedExceptionally();
            assertThat(second).isCompletedExceptionally();
        }
    }

    @Test
    void retriesWhileUnauthenticated() {
        try (var publisher = publisher("wrong", 10)) {
            var pending = publisher.publish(event("A"));
            await().during(Duration.ofMillis(500)).until(() -> !pending.isDone());
            assertThat(ingress.events()).isEmpty();
        }
    }

    private GrpcEventPublisher publisher(String token, int outstandingMax) {
        var properties = new PublishProperties(ingress.target(), token, "backend", outstandingMax);
        return new GrpcEventPublisher(channel, properties, 100);
    }

    private static void awaitDone(CompletableFuture<Void> future) throws Exception {
        future.get(20, TimeUnit.SECONDS);
    }

    private static ObjectNode event(String type) {
        var event = new JsonMapper().createObjectNode().put("t", type);
        event.putObject("d");
        return event;
    }
}
