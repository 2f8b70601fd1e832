/// Recognises publications that a shard has applied already, so that a repeat changes nothing.
///
/// On the loop of the shard.
@NullMarked
package dev.guildcast.fanout.publication;

import org.jspecify.annotations.NullMarked;
