/// From a record of the log to numbered dispatches: who gets the next sequence, and what a client is shown.
///
/// A dispatch can be made again from the record and the session alone: that is what replay does. On the shard's loop.
@NullMarked
package dev.guildcast.session.dispatch;

import org.jspecify.annotations.NullMarked;
