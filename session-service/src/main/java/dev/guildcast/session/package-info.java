/// A session: what one log-in of one client asked for, and what it has been sent.
///
/// A [Session] outlives its connections. Everything about it changes on the loop of its session shard, by records of
/// that shard's log; the flow is `delivery -> dispatch -> resume -> link`.
@NullMarked
package dev.guildcast.session;

import org.jspecify.annotations.NullMarked;
