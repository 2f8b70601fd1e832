package dev.guildcast.backend.rest;

import dev.guildcast.backend.BackendProperties;
import dev.guildcast.backend.chat.ChatStore;
import dev.guildcast.backend.chat.MessageEventFactory;
import dev.guildcast.backend.chat.WorldFile;
import dev.guildcast.backend.publish.EventPublisher;
import dev.guildcast.backend.publish.GrpcEventPublisher;
import dev.guildcast.backend.publish.PublishProperties;
import dev.guildcast.backend.token.TokenFile;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.core.JacksonException;

/// Wires the backend.
@Configuration(proxyBeanMethods = false)
class RestConfiguration {
    @Bean
    ChatStore chat(BackendProperties properties) {
        try {
            return new ChatStore(WorldFile.read(properties.world()), properties.messagesMax());
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException(
                    "backend.world " + properties.world() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Bean
    TokenFile tokenFile(BackendProperties properties) {
        return new TokenFile(properties.tokens());
    }

    @Bean
    EventPublisher eventPublisher(GrpcChannelFactory channels, PublishProperties properties) {
        // Microseconds rise faster than this backend publishes, so a restart never reuses a sequence.
        long firstSequence =
                ChronoUnit.MICROS.between(Instant.EPOCH, InstantSource.system().instant());
        return new GrpcEventPublisher(channels.createChannel(properties.target()), properties, firstSequence);
    }

    @Bean
    RouterFunction<ServerResponse> api(
            BackendProperties properties, ChatStore chat, TokenFile tokens, EventPublisher publisher) {
        var clock = InstantSource.system();
        var requests = new RequestSupport(chat, tokens, publisher);
        return new ApiRoutes(
                        new MessageHandler(requests, chat, new MessageEventFactory(chat, clock), clock),
                        new ReactionHandler(requests, chat),
                        new LookupHandler(requests, chat),
                        new GatewayRouteProxy(properties.gateway()))
                .routes();
    }
}
