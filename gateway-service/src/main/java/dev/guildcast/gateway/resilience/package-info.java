/// Circuit breaker, bulkhead and timeout around calls to services whose failure clients must not notice.
///
/// Safe for use from any thread; nothing blocks.
@NullMarked
package dev.guildcast.gateway.resilience;

import org.jspecify.annotations.NullMarked;
