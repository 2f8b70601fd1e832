/// The REST routes that client libraries call before they connect. Plain WebFlux, on its event loops.
@NullMarked
package dev.guildcast.gateway.rest;

import org.jspecify.annotations.NullMarked;
