package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class KafkaEventAppenderIT {
    private static final Topics TOPICS = new Topics("appender-" + UUID.randomUUID() + ".");

    private static KafkaEventAppender appender(String bootstrap, Duration timeout) {
        return new KafkaEventAppender(
                Map.of("bootstrap.servers", bootstrap), TOPICS, timeout, Duration.ofMillis(5), 1000, System::nanoTime);
    }

    @Test
    void recordsStandInTheOrderOfTheCalls() {
        var bootstrap = Brokers.shared().kafkaBootstrap();
        TestTopics.create(bootstrap, TOPICS, Topology.SMALLEST);
        try (var appender = appender(bootstrap, Duration.ofSeconds(30))) {
            var appends = new ArrayList<CompletableFuture<Appended>>();
            for (int n = 0; n < 500; n++) {
                appends.add(appender.append(Log.GUILD_EVENTS, 1, new byte[] {(byte) n}));
            }
            for (int n = 0; n < 500; n++) {
                assertThat(appends.get(n).join()).isEqualTo(new Appended(Log.GUILD_EVENTS, 1, n));
            }
            assertThat(appender.append(Log.USER_EVENTS, 0, new byte[1]).join().log())
                    .isEqualTo(Log.USER_EVENTS);
            assertThat(appender.append(Log.GUILD_EPHEMERAL, 4, new byte[1])
                            .join()
                            .partition())
                    .isEqualTo(4);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> appender.append(Log.GUILD_EVENTS, 1, new byte[10 << 20])
                            .join())
                    .withCauseInstanceOf(EventAppender.RecordTooLarge.class);
        }
    }

    /// A port that accepts connections and stays silent, like a broker that hangs.
    @Test
    void brokersThatDoNotAnswerAreNeverAnAcknowledgement() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var appender = appender("127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(500))) {
            var inFlight = new InFlightLimit(1000, 64 << 20);
            var ingress = new EventIngress(
                    appender, Topology.SMALLEST, inFlight, new IngressCounters(new SimpleMeterRegistry(), inFlight));
            var events = ingress.stream(Transport.HTTP);
            var outcomes = new ArrayList<CompletableFuture<PublishOutcome>>();
            for (int n = 1; n <= 50; n++) {
                outcomes.add(events.publish(utf8(message(n)), PublisherContext.UNRESTRICTED));
            }
            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.join()).isInstanceOf(PublishOutcome.Unavailable.class));
            assertThat(inFlight.events()).isZero();
        }
    }
}
