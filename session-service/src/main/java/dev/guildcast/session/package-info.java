/// A session: what one Identify of one client requested, and what the client has been sent since.
///
/// A [Session] outlives its connections. Everything about it changes on the loop of its session shard, by records of
/// that shard's log; the flow is `delivery -> dispatch -> resume -> push -> stream`.
@NullMarked
package dev.guildcast.session;

import org.jspecify.annotations.NullMarked;
