package dev.guildcast.fanout.ingress;

import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/// Has the consumer of a topic repeat a failed batch for ever, a second between, and stay in its group meanwhile.
final class KafkaRetries {
    private static final long PAUSE_MILLIS = 1000;

    private KafkaRetries() {}

    static ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> of(String topic) {
        return (container, destination, group) -> {
            if (destination.equals(topic)) {
                container.setCommonErrorHandler(
                        new DefaultErrorHandler(new FixedBackOff(PAUSE_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS)));
            }
        };
    }
}
