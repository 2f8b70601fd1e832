/// A publisher over gRPC; responses arrive on gRPC's threads.
@NullMarked
package dev.guildcast.examples.publisher;

import org.jspecify.annotations.NullMarked;
