/// Guarded calls of a service to another one, or to its store.
///
/// Runs on the thread that subscribes and on the one that receives the response; nothing here blocks or has a thread of
/// its own. The guard's bulkhead bounds the calls in flight, its time limit their duration.
@NullMarked
package dev.guildcast.shard.call;

import org.jspecify.annotations.NullMarked;
