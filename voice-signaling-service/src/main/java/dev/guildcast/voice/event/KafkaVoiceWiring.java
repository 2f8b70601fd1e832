package dev.guildcast.voice.event;

import dev.guildcast.contract.Topology;
import dev.guildcast.voice.InstallationProperties;
import org.springframework.cloud.stream.config.ProducerMessageHandlerCustomizer;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.kafka.outbound.KafkaProducerMessageHandler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class KafkaVoiceWiring {
    private static final int QUEUED_MAX = 16_384;
    private static final int IDLE_SECONDS = 60;
    private static final long MICROS = 1000;

    @Bean(destroyMethod = "dispose")
    Scheduler voicePublisherThread() {
        return Schedulers.newBoundedElastic(1, QUEUED_MAX, "voice-publisher", IDLE_SECONDS, true);
    }

    @Bean
    ProducerMessageHandlerCustomizer<KafkaProducerMessageHandler<?, ?>> acknowledgements() {
        return (handler, destination) -> handler.setFuturesChannel(KafkaVoicePublisher.acknowledgements());
    }

    @Bean
    VoicePublisher voicePublisher(
            StreamBridge bridge,
            Topology topology,
            Scheduler voicePublisherThread,
            InstallationProperties installation) {
        return new KafkaVoicePublisher(
                bridge,
                topology,
                voicePublisherThread,
                "voice/" + installation.node().id(),
                // A process that is restarted under its name goes on above: it publishes less than one a microsecond.
                System.currentTimeMillis() * MICROS);
    }
}
