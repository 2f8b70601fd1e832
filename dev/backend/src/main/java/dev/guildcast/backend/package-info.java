/// A small chat backend: the REST routes that a simple bot calls, in memory, published through the ingress. A model of
/// how a backend uses Guildcast, not a chat service.
@NullMarked
package dev.guildcast.backend;

import org.jspecify.annotations.NullMarked;
