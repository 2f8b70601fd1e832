package dev.guildcast.gateway.link;

import java.util.function.LongSupplier;

/// What all sessions of a gateway share.
///
/// @param nanoTime the monotonic clock
record LinkContext(SessionHosts hosts, LinkProperties properties, LinkMetrics metrics, LongSupplier nanoTime) {}
