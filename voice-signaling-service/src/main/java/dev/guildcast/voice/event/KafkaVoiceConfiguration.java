package dev.guildcast.voice.event;

import dev.guildcast.contract.Topology;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import dev.guildcast.shard.stream.KafkaBindingAppender;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.stream.config.ProducerMessageHandlerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.kafka.outbound.KafkaProducerMessageHandler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class KafkaVoiceConfiguration {
    /// Records that may wait for the thread while it blocks on Kafka; more fail, and their callers with them. Far above
    /// the 1 000 that may be unacknowledged.
    private static final int QUEUED_MAX = 16_384;

    /// After which an idle thread ends; it costs nothing to start another.
    private static final int IDLE_SECONDS = 60;

    @Bean(destroyMethod = "dispose")
    Scheduler voicePublisherThread() {
        return Schedulers.newBoundedElastic(1, QUEUED_MAX, "voice-publisher", IDLE_SECONDS, true);
    }

    @Bean
    ProducerMessageHandlerCustomizer<KafkaProducerMessageHandler<?, ?>> acknowledgements() {
        return (handler, destination) -> handler.setFuturesChannel(KafkaBindingAppender.acknowledgements());
    }

    @Bean
    VoicePublisher voicePublisher(
            StreamBridge bridge,
            Topology topology,
            Scheduler voicePublisherThread,
            InstallationProperties installation) {
        return new KafkaVoicePublisher(
                new KafkaBindingAppender(
                        bridge::send,
                        KafkaVoicePublisher.BINDING,
                        voicePublisherThread,
                        KafkaVoicePublisher.UNACKNOWLEDGED_MAX),
                topology,
                // A name of this run: a clock could not tell which sequences an earlier run has used.
                "voice/" + NodeIdentity.of(installation, "").id() + "/"
                        + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                1);
    }
}
