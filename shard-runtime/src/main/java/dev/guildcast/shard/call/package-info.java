/// How a service asks another one, or its store: one guarded call.
///
/// Runs on the thread that subscribes and on the one that answers; nothing here has a thread of its own or blocks. What
/// may be under way is bounded by the guard's bulkhead, how long by its time limit.
@NullMarked
package dev.guildcast.shard.call;

import org.jspecify.annotations.NullMarked;
