package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.v1.Drop;
import dev.guildcast.voice.v1.Expect;
import dev.guildcast.voice.v1.ServerOrder;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Sends what clients and voice servers must know about a user in voice: state, server and token.
///
/// - **Owner:** the voice loop; an acknowledgement arrives on the producer's thread.
final class VoiceUpdateSender {
    private final VoiceServerRegistry registry;
    private final VoicePublisher publisher;
    private final VoiceTokenIssuer tokenIssuer;
    private final VoiceGateway gateway;

    VoiceUpdateSender(
            VoiceServerRegistry registry,
            VoicePublisher publisher,
            VoiceTokenIssuer tokenIssuer,
            VoiceGateway gateway) {
        this.registry = registry;
        this.publisher = publisher;
        this.tokenIssuer = tokenIssuer;
        this.gateway = gateway;
    }

    /// Publishes a voice state to the guild.
    Mono<Void> publishState(VoiceState state) {
        return publisher.publishState(state);
    }

    /// Sends a session to a server; one with a voice gateway of its own is first sent what to expect.
    Mono<Void> sendToServer(VoiceState state, VoiceServer server) {
        return Mono.defer(() -> {
            String token = tokenIssuer.issue(server, state);
            if (!server.mediaOnly()) {
                registry.sendCommand(server.id(), expectCommand(state, token));
            }
            return SessionId.parse(state.sessionId())
                    .map(session ->
                            publisher.publishServer(state.guild(), session, token, Optional.of(server.endpoint())))
                    .orElse(Mono.empty());
        });
    }

    /// Sends a session that its server is gone and the next one is not known yet.
    Mono<Void> sendServerGone(VoiceState state) {
        return Mono.justOrEmpty(SessionId.parse(state.sessionId()))
                .flatMap(session ->
                        publisher.publishServer(state.guild(), session, tokenIssuer.unusable(), Optional.empty()));
    }

    /// Cuts a user's session off; without effect if the server does not report here.
    void dropFrom(String serverId, VoiceState state) {
        gateway.onLeft(state);
        registry.sendCommand(
                serverId,
                ServerOrder.newBuilder()
                        .setDrop(Drop.newBuilder()
                                .setGuildId(state.guild())
                                .setUserId(state.user())
                                .setSessionId(state.sessionId()))
                        .build());
    }

    private static ServerOrder expectCommand(VoiceState state, String token) {
        return ServerOrder.newBuilder()
                .setExpect(Expect.newBuilder()
                        .setGuildId(state.guild())
                        .setChannelId(state.channel())
                        .setUserId(state.user())
                        .setSessionId(state.sessionId())
                        .setToken(token))
                .build();
    }
}
