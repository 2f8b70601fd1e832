/// A publisher that speaks gRPC; the answers come on gRPC's threads.
@NullMarked
package dev.guildcast.examples.publisher;

import org.jspecify.annotations.NullMarked;
