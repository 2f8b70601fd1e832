/// Places shards on nodes and tells everyone where they are. Here: the nouns, and the process.
///
/// What has been decided is a [ClusterState]; each [Decision] makes the next one. They are values and safe everywhere.
@NullMarked
package dev.guildcast.coordinator;

import org.jspecify.annotations.NullMarked;
