/// The breaker, bulkhead and time limit around every call whose failure a client must not feel.
///
/// Stateless for the caller; safe for use from any thread.
@NullMarked
package dev.guildcast.gateway.guard;

import org.jspecify.annotations.NullMarked;
