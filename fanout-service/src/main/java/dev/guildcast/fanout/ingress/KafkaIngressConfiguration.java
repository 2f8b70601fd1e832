package dev.guildcast.fanout.ingress;

import dev.guildcast.shard.installation.InstallationProperties;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.messaging.Message;
import org.springframework.util.backoff.FixedBackOff;

/// Configures the ingress's Kafka side: the appender and the topic of plain JSON.
@Configuration(proxyBeanMethods = false)
class KafkaIngressConfiguration {
    /// Pause between two attempts of a batch; short against an outage, long enough not to load a broker.
    private static final long PAUSE_MILLIS = 1000;

    @Bean
    KafkaEventAppender eventAppender(
            KafkaProperties kafka, InstallationProperties installation, IngressProperties properties) {
        return new KafkaEventAppender(
                kafka.buildProducerProperties(),
                installation.topics(),
                properties.appendTimeout(),
                properties.burstInterval(),
                properties.inFlightMax(),
                System::nanoTime);
    }

    /// Bound to the topic by `spring.cloud.function.definition`.
    @Bean
    Consumer<Message<List<byte[]>>> ingressEvents(EventIngress ingress, StreamBridge bridge, IngressCounters counters) {
        return new KafkaEventTopicListener(
                new EventTopicConsumer(ingress, new StreamEventDeadLetters(bridge), counters));
    }

    /// A failed batch is retried every second until it succeeds, and its consumer stays in the group meanwhile: the log
    /// is unavailable, and giving up would lose events.
    @Bean
    ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> ingressTopicRetries(
            InstallationProperties installation) {
        var topic = installation.topics().ingressEvents();
        return (container, destination, group) -> {
            if (destination.equals(topic)) {
                container.setCommonErrorHandler(
                        new DefaultErrorHandler(new FixedBackOff(PAUSE_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS)));
            }
        };
    }
}
