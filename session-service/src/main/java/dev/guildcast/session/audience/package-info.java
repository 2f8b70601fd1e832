/// Telling guild shards which sessions want which guild's events, and passing on what needs a guild's view.
///
/// On the shard's loop; what is emitted leaves when a live owner sends it.
@NullMarked
package dev.guildcast.session.audience;

import org.jspecify.annotations.NullMarked;
