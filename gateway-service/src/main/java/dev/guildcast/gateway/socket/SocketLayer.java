package dev.guildcast.gateway.socket;

/// What serves a socket after its WebSocket handshake.
enum SocketLayer {
    /// The gateway's own frame layer: the channel's pipeline is stripped to one handler.
    FRAME,
    /// WebFlux: the baseline that the frame layer is measured against.
    WEBFLUX
}
