package dev.guildcast.fanout.ingress;

import dev.guildcast.fanout.publisher.Publishers;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import dev.guildcast.shard.identity.InternalProperties;
import dev.guildcast.shard.identity.InternalTls;
import dev.guildcast.shard.identity.OpenPortRule;
import dev.guildcast.shard.installation.InstallationProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Configures the ingress core, HTTP and gRPC; [KafkaIngressConfiguration] adds the logs and the topic.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IngressProperties.class, InstallationProperties.class, InternalProperties.class})
class IngressConfiguration {
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
    Publishers publishers() {
        return new Publishers(System::nanoTime);
    }

    @Bean
    PublisherLoading publisherLoading(Publishers publishers, IngressProperties properties) {
        return new PublisherLoading(publishers, properties);
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

    /// The certificate of both endpoints; without one they are verified to be out of others' reach.
    @Bean
    IngressTls ingressTls(IngressProperties properties, InternalProperties internal, SslBundles bundles)
            throws UnknownHostException {
        boolean tls = !properties.sslBundle().isBlank();
        var rule = new OpenPortRule(internal.plaintext());
        rule.verify(
                "ingress.grpc.address", InetAddress.getByName(properties.grpc().address()), tls);
        rule.verify(
                "ingress.http.address", InetAddress.getByName(properties.http().address()), tls);
        return new IngressTls(tls ? InternalTls.ofServer(bundles, properties.sslBundle()) : null);
    }

    @Bean
    HttpIngressServer httpIngressServer(
            EventIngress ingress,
            Publishers publishers,
            InFlightLimit inFlight,
            IngressCounters counters,
            IngressProperties properties,
            Scheduler ingressReaders,
            IngressTls tls) {
        var endpoint =
                new HttpIngressEndpoint(ingress, publishers, inFlight, counters, properties.http(), ingressReaders);
        return new HttpIngressServer(endpoint, properties.http(), tls.keys());
    }

    @Bean
    GrpcIngressServer grpcIngressServer(
            EventIngress ingress,
            Publishers publishers,
            IngressCounters counters,
            IngressProperties properties,
            IngressTls tls,
            MeterRegistry registry) {
        return new GrpcIngressServer(
                new GrpcIngressEndpoint(ingress, publishers, properties.grpc().outstandingMax()),
                new GrpcCallAuthorizer(new GrpcPublisherVerifier(publishers, counters), registry),
                properties.grpc(),
                tls.keys());
    }
}
