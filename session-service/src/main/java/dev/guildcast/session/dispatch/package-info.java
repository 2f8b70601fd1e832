/// From a record of the log to dispatches with sequences: who is assigned the next sequence, and what a client is sent.
///
/// A dispatch can be rendered again from the record and the session alone: that is what replay does. Runs on the
/// shard's loop.
@NullMarked
package dev.guildcast.session.dispatch;

import org.jspecify.annotations.NullMarked;
