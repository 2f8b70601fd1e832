/// Turns guild events into deliveries: guild shards and user shards.
///
/// The flow is `event -> audience -> delivery`. `shard` drives it through `change`; each shard runs on its own loop
/// thread.
@NullMarked
package dev.guildcast.fanout;

import org.jspecify.annotations.NullMarked;
