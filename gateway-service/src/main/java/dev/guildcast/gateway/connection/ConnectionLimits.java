package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.limit.FixedWindowLimiter;

/// The limits of one connection, with its counts.
///
/// - **Owner:** the connection's event loop.
///
/// @param slowConsumer of the frames that the client has not read
/// @param commands of the frames that the client may send
/// @param controlFrames of the pings and pongs that it may send
/// @param presences of its presence updates
public record ConnectionLimits(
        SlowConsumerPolicy slowConsumer,
        FixedWindowLimiter commands,
        FixedWindowLimiter controlFrames,
        FixedWindowLimiter presences) {}
