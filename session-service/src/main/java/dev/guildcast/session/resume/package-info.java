/// Replay: rings of references into the session log, and the readers of the records they refer to.
///
/// Rings, served time and the payload window belong to the shard's loop. [LogPayloadReader] replies from a thread of
/// its own.
@NullMarked
package dev.guildcast.session.resume;

import org.jspecify.annotations.NullMarked;
