/// Token verification: a port and its adapters for JWT, OAuth 2.0 introspection and a local file.
///
/// Results arrive on a thread of the adapter; callers return to their own event loop. Tokens are never logged.
@NullMarked
package dev.guildcast.gateway.token;

import org.jspecify.annotations.NullMarked;
