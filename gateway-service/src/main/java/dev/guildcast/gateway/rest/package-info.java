/// The REST routes that libraries call before they connect. Plain WebFlux, on its event loops.
@NullMarked
package dev.guildcast.gateway.rest;

import org.jspecify.annotations.NullMarked;
