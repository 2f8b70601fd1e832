/// Pushes dispatches to the connections that hold sessions: live ones at once, the rest by replay from the ring.
///
/// Everything here runs on the shard's loop. [AttachTable] says which connection holds a session, [CursorPump] moves
/// each of them to the newest dispatch, and [BatchWriter] groups entries that share a payload.
@NullMarked
package dev.guildcast.session.push;

import org.jspecify.annotations.NullMarked;
