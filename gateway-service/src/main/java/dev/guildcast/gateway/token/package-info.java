/// Who a token stands for: a port and its adapters for JWT, OAuth 2.0 introspection and a local file.
///
/// Answers come on whatever thread the adapter has; callers return to their own loop. Tokens are never logged.
@NullMarked
package dev.guildcast.gateway.token;

import org.jspecify.annotations.NullMarked;
