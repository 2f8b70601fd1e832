package dev.guildcast.fanout.ingress;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Wires the ingress: one core, HTTP and gRPC; [KafkaIngressWiring] adds the logs and the topic.
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
}
