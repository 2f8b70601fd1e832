/// The REST routes under /api. Runs on event loops and never blocks them.
@NullMarked
package dev.guildcast.backend.rest;

import org.jspecify.annotations.NullMarked;
