/// Telling other services that sessions begin and end.
///
/// Events are made on shards' loops of live owners and written by a thread of their own: nothing waits for them.
@NullMarked
package dev.guildcast.session.lifecycle;

import org.jspecify.annotations.NullMarked;
