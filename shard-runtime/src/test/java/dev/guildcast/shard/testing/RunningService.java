package dev.guildcast.shard.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.RedisServer;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.shard.access.PeerRole;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.ConfigurableApplicationContext;

/// A whole service against real brokers and a node that owns every shard, under a prefix of its own.
public final class RunningService implements AutoCloseable {
    private final String kafka = Brokers.shared().kafkaBootstrap();
    private final RedisServer redis = Brokers.shared().newRedis();
    private final Topology topology;
    private final Topics topics;
    private final FakeNode node;
    private final ConfigurableApplicationContext context;
    private final ManagedChannel channel;

    /// @param name begins the topics' prefix
    /// @param owner what the owner of the shards serves
    /// @param start starts the service with the given arguments
    /// @param grpcPort the port that its gRPC server has bound
    public RunningService(
            String name,
            Topology topology,
            BindableService owner,
            Function<String[], ConfigurableApplicationContext> start,
            ToIntFunction<ConfigurableApplicationContext> grpcPort)
            throws Exception {
        this.topology = topology;
        this.topics = new Topics(name + "-" + UUID.randomUUID() + ".");
        TestTopics.create(kafka, topics, topology);
        node = new FakeNode(topology, owner);
        context = start.apply(new String[] {
            "--server.port=0",
            "--spring.grpc.server.port=0",
            TestIdentity.ARGUMENT,
            "--guildcast.kafka.bootstrap-servers=" + kafka,
            "--guildcast.kafka.prefix=" + topics.prefix(),
            "--guildcast.coordinator.target=" + node.address(),
            "--spring.data.redis.host=" + redis.host(),
            "--spring.data.redis.port=" + redis.port()
        });
        channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort.applyAsInt(context))
                .usePlaintext()
                .build();
    }

    public Topics topics() {
        return topics;
    }

    public RedisServer redis() {
        return redis;
    }

    public FakeNode node() {
        return node;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /// To the service's gRPC server, for a caller of this role.
    public Channel channel(PeerRole role) {
        return ClientInterceptors.intercept(channel, TestIdentity.of(role).callInterceptor());
    }

    /// Reads a topic that has a partition for each guild shard, from its beginning. The caller closes it.
    public KafkaConsumer<byte[], byte[]> readGuildTopic(String topic) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", kafka),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = IntStream.range(0, topology.guildPartitions())
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /// Publishes the end of a session, as its shard's owner does.
    ///
    /// @param offset of the closing record
    public void closeSession(long user, SessionId session, long offset) throws Exception {
        var closed = SessionLifecycle.newBuilder()
                .setKind(SessionLifecycle.Kind.CLOSED)
                .setUserId(user)
                .setSessionId(session.text())
                .setOffset(offset)
                .build();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.sessionLifecycle(), closed.toByteArray()))
                    .get();
        }
    }

    /// Requires breakers of these names, and of every breaker the settings that the operator's documentation promises.
    public CircuitBreakerRegistry assertBreakers(String... names) {
        var breakers = context.getBean(CircuitBreakerRegistry.class);
        assertThat(breakers.getAllCircuitBreakers())
                .extracting(CircuitBreaker::getName)
                .contains(names);
        for (CircuitBreaker breaker : breakers.getAllCircuitBreakers()) {
            var config = breaker.getCircuitBreakerConfig();
            assertThat(config.getSlidingWindowSize()).isEqualTo(20);
            assertThat(config.getFailureRateThreshold()).isEqualTo(50);
            assertThat(config.getSlowCallRateThreshold()).isEqualTo(50);
            assertThat(config.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(5000);
            assertThat(config.getPermittedNumberOfCallsInHalfOpenState()).isEqualTo(3);
        }
        return breakers;
    }

    /// Requests a path of the service's HTTP server.
    public HttpResponse<String> get(String path) throws Exception {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        context.close();
        node.close();
        redis.close();
    }
}
