/// Accepts events from backends, by gRPC, HTTP and a topic of JSON, and appends them to the logs.
///
/// An event is acknowledged when it is in its log. HTTP parses bodies on threads of its own, gRPC on its executor, the
/// topic on its consumer's thread; one thread sends appends, and Kafka's thread completes the outcomes.
@NullMarked
package dev.guildcast.fanout.ingress;

import org.jspecify.annotations.NullMarked;
