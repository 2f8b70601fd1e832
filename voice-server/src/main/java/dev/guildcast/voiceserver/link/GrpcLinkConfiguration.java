package dev.guildcast.voiceserver.link;

import dev.guildcast.voiceserver.control.LivenessProbe;
import dev.guildcast.voiceserver.control.MediaPort;
import dev.guildcast.voiceserver.control.RoomControl;
import dev.guildcast.voiceserver.room.RoomProperties;
import java.security.SecureRandom;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LinkProperties.class)
class GrpcLinkConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnExpression("'${voice-server.link.target:}' != ''")
    GrpcSignalingLink signalingLink(
            GrpcChannelFactory channels,
            LinkProperties properties,
            RoomProperties rooms,
            MediaPort port,
            RoomControl control,
            LivenessProbe probe) {
        var identity = new LinkIdentity(
                properties.serverId().isEmpty() ? "voice-" + UUID.randomUUID() : properties.serverId(),
                properties.region(),
                properties.address(),
                properties.port() == 0 ? port.localPort() : properties.port(),
                new SecureRandom().nextLong(),
                rooms.participantsMax());
        return new GrpcSignalingLink(
                channels.createChannel(properties.target()), identity, new RoomOrders(control), probe, properties);
    }
}
