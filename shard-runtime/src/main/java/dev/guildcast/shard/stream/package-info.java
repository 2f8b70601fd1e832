/// Topics that a service reads and writes through Spring Cloud Stream, beside the logs that shards own.
///
/// Records are handed to the binder on the service's own thread, the only one that may block; the producer's thread
/// completes them. Consumers run on the binder's threads.
@NullMarked
package dev.guildcast.shard.stream;

import org.jspecify.annotations.NullMarked;
