package dev.guildcast.fanout.ingress;

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

/// Wires the ingress to Kafka: the appends, and the topic of plain JSON.
@Configuration(proxyBeanMethods = false)
class KafkaIngressWiring {
    private static final long PAUSE_MILLIS = 1000;

    @Bean
    KafkaEventAppender eventAppender(KafkaProperties kafka, Installation installation, IngressProperties properties) {
        return new KafkaEventAppender(
                kafka.buildProducerProperties(),
                installation.topics(),
                properties.appendTimeout(),
                properties.burstInterval(),
                properties.inFlightMax());
    }

    /// Bound to the topic by `spring.cloud.function.definition`.
    @Bean
    Consumer<Message<List<byte[]>>> ingressEvents(EventIngress ingress, StreamBridge bridge, IngressCounters counters) {
        return new KafkaEventTopic(new EventTopic(ingress, new StreamEventDeadLetters(bridge), counters));
    }

    /// A batch that failed comes again until it is taken, a second between, and its consumer stays in the group
    /// meanwhile: the log is away, and giving up would lose events.
    @Bean
    ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> ingressTopicRetries(Installation installation) {
        var topic = installation.topics().ingressEvents();
        return (container, destination, group) -> {
            if (destination.equals(topic)) {
                container.setCommonErrorHandler(
                        new DefaultErrorHandler(new FixedBackOff(PAUSE_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS)));
            }
        };
    }
}
