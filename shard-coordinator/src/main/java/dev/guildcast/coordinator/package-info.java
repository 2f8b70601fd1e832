/// Places shards on nodes and publishes where they are. This package has the domain values and the application.
///
/// The current state is a [ClusterState]; each [Decision] produces the next one. They are values and thread-safe.
@NullMarked
package dev.guildcast.coordinator;

import org.jspecify.annotations.NullMarked;
