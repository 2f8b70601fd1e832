package dev.guildcast.presence.announce;

import dev.guildcast.contract.Topology;
import dev.guildcast.shard.stream.KafkaBindingAppender;
import org.springframework.cloud.stream.config.ProducerMessageHandlerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.kafka.outbound.KafkaProducerMessageHandler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class KafkaPresenceConfiguration {
    /// Records that may wait for the thread while it blocks on Kafka; more fail and are announced again later. Four
    /// times the 4 096 that are in flight at most: 8 announcements of 16 users at a time, in 32 guilds each.
    static final int QUEUED_MAX = 16_384;

    /// After which an idle thread ends; it costs nothing to start another.
    private static final int IDLE_SECONDS = 60;

    @Bean(destroyMethod = "dispose")
    Scheduler presencePublisherThread() {
        return Schedulers.newBoundedElastic(1, QUEUED_MAX, "presence-publisher", IDLE_SECONDS, true);
    }

    @Bean
    ProducerMessageHandlerCustomizer<KafkaProducerMessageHandler<?, ?>> acknowledgements() {
        return (handler, destination) -> handler.setFuturesChannel(KafkaBindingAppender.acknowledgements());
    }

    @Bean
    PresencePublisher presencePublisher(StreamBridge bridge, Topology topology, Scheduler presencePublisherThread) {
        return new KafkaPresencePublisher(
                new KafkaBindingAppender(
                        bridge::send,
                        KafkaPresencePublisher.BINDING,
                        presencePublisherThread,
                        KafkaPresencePublisher.UNACKNOWLEDGED_MAX),
                topology);
    }
}
