package dev.guildcast.fanout.ingress;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.messaging.Message;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Wires the ingress: one core, three ways in.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IngressProperties.class, Installation.class})
class IngressConfiguration {
    private static final Logger log = LoggerFactory.getLogger(IngressConfiguration.class);
    private static final int READERS = 4;
    private static final int READS_WAITING_MAX = 10_000;

    @Bean
    InFlight ingressInFlight(IngressProperties properties) {
        return new InFlight(
                properties.inFlightMax(), properties.inFlightBytesMax().toBytes());
    }

    @Bean
    IngressCounters ingressCounters(MeterRegistry registry, InFlight inFlight) {
        return new IngressCounters(registry, inFlight);
    }

    @Bean
    PublisherTokens publisherTokens(IngressProperties properties) {
        var all = new LinkedHashMap<>(properties.tokens());
        if (properties.tokensFile() != null) {
            all.putAll(PublisherTokens.read(properties.tokensFile()));
        }
        var tokens = new PublisherTokens(all);
        if (tokens.isEmpty()) {
            log.warn(
                    "no publisher has a token (ingress.tokens, ingress.tokens-file): nobody can publish by HTTP or gRPC");
        }
        return tokens;
    }

    @Bean
    KafkaEventAppender eventAppender(KafkaProperties kafka, Installation installation, IngressProperties properties) {
        return new KafkaEventAppender(
                kafka.buildProducerProperties(),
                installation.topics(),
                properties.appendTimeout(),
                properties.inFlightMax());
    }

    @Bean
    EventIngress eventIngress(
            EventAppender appender, Installation installation, InFlight inFlight, IngressCounters counters) {
        return new EventIngress(appender, installation.shards(), inFlight, counters);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler ingressReaders() {
        return Schedulers.newBoundedElastic(READERS, READS_WAITING_MAX, "ingress-http");
    }

    @Bean
    HttpIngressServer httpIngressServer(
            EventIngress ingress,
            PublisherTokens tokens,
            InFlight inFlight,
            IngressCounters counters,
            IngressProperties properties,
            Scheduler ingressReaders) {
        var endpoint = new HttpIngressEndpoint(ingress, tokens, inFlight, counters, properties.http(), ingressReaders);
        return new HttpIngressServer(endpoint, properties.http());
    }

    @Bean
    GrpcIngressEndpoint grpcIngressEndpoint(
            EventIngress ingress, PublisherTokens tokens, IngressCounters counters, IngressProperties properties) {
        return new GrpcIngressEndpoint(
                ingress, tokens, counters, properties.grpc().outstandingMax());
    }

    /// Bound to the topic by `spring.cloud.function.definition`.
    @Bean
    Consumer<Message<List<byte[]>>> ingressEvents(EventIngress ingress, StreamBridge bridge, IngressCounters counters) {
        return new KafkaEventTopic(new EventTopic(ingress, new StreamEventDeadLetters(bridge), counters));
    }

    /// A batch that failed comes again until it is taken: the log is away, and giving up would lose events.
    @Bean
    ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> ingressTopicRetries(Installation installation) {
        return KafkaRetries.of(installation.topics().ingressEvents());
    }
}
