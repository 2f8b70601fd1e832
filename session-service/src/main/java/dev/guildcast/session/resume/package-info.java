/// What a session can be sent again: rings of references into the session log, and where the referenced records are
/// read.
///
/// Rings, served time and the payload window belong to the shard's loop. [LogPayloadReader] answers from a thread of
/// its own.
@NullMarked
package dev.guildcast.session.resume;

import org.jspecify.annotations.NullMarked;
