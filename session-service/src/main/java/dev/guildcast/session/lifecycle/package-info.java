/// Publishes to other services that sessions were opened and closed.
///
/// Events are built on the loops of live owners and published by a thread of their own: nothing waits for them.
@NullMarked
package dev.guildcast.session.lifecycle;

import org.jspecify.annotations.NullMarked;
