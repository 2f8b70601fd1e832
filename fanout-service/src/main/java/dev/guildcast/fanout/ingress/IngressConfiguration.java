package dev.guildcast.fanout.ingress;

import dev.guildcast.shard.installation.InstallationProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Configures the ingress core, HTTP and gRPC; [KafkaIngressConfiguration] adds the logs and the topic.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IngressProperties.class, InstallationProperties.class})
class IngressConfiguration {
    private static final Logger log = LoggerFactory.getLogger(IngressConfiguration.class);
    /// Threads that parse HTTP events, so that the event loops never do; they bound the CPU that parsing takes from the
    /// shards of the node.
    private static final int READERS = 4;
    /// Tasks that may wait for each of these threads. A request has at most one waiting, so only as many concurrent
    /// requests reach it; one beyond it is answered 500 instead of growing the queue.
    private static final int READS_WAITING_MAX = 10_000;

    @Bean
    InFlightLimit ingressInFlight(IngressProperties properties) {
        return new InFlightLimit(
                properties.inFlightMax(), properties.inFlightBytesMax().toBytes());
    }

    @Bean
    IngressCounters ingressCounters(MeterRegistry registry, InFlightLimit inFlight) {
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
            log.warn("no publisher has a token: without ingress.tokens(-file), HTTP and gRPC reject every publisher");
        }
        return tokens;
    }

    @Bean
    EventIngress eventIngress(
            EventAppender appender,
            InstallationProperties installation,
            InFlightLimit inFlight,
            IngressCounters counters) {
        return new EventIngress(appender, installation.toTopology(), inFlight, counters);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler ingressReaders() {
        return Schedulers.newBoundedElastic(READERS, READS_WAITING_MAX, "ingress-http");
    }

    @Bean
    HttpIngressServer httpIngressServer(
            EventIngress ingress,
            PublisherTokens tokens,
            InFlightLimit inFlight,
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
