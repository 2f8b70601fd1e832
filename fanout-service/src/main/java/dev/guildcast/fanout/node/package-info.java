/// This process as a node that owns guild and user shards: properties, configuration, health and metrics.
///
/// Configuration only; shards run on their own loops.
@NullMarked
package dev.guildcast.fanout.node;

import org.jspecify.annotations.NullMarked;
