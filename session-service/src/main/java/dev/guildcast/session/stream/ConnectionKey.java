package dev.guildcast.session.stream;

/// Identifies one client connection: its handle is unique within the stream of its gateway.
public record ConnectionKey(GatewayLink link, long handle) {}
