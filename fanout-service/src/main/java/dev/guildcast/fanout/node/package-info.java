/// This process as a node that owns guild and user shards: its properties, what the shards run on, health and metrics.
///
/// Wiring; shards run on their own loops.
@NullMarked
package dev.guildcast.fanout.node;

import org.jspecify.annotations.NullMarked;
